import { Children, createContext, type ReactNode, useContext } from "react";

/** The head of a column; `end` for numbers. */
type Column = string | { title: string; align: "end" } | { title: string; isHidden: true };

interface Props {
  label: string;
  columns: Column[];
  /** Its numbers are compared with each other, so a phone scrolls it sideways instead of stacking its cells. */
  isGrid?: boolean;
  /** Rows of cells. */
  children: ReactNode;
  /** Rows below a line: totals. */
  footer?: ReactNode;
}

/** The titles of the columns, for cells that are stacked. */
const Titles = createContext<(string | undefined)[]>([]);
const Title = createContext<string | undefined>(undefined);

/** Rows with a head. On a phone each row is a card of labelled values. */
export function Table({ label, columns, isGrid = false, children, footer }: Props) {
  const heads = columns.map((column) => (typeof column === "string" ? { title: column } : column));
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto rounded-frame border border-line" tabIndex={0} role="group" aria-label={label}>
      <Titles value={heads.map((head) => ("isHidden" in head ? undefined : head.title))}>
        <table aria-label={label} className={`w-full text-start text-ui ${isGrid ? "" : "stacked-table"}`}>
          <thead className="bg-sunken">
            <tr>
              {heads.map((head) => (
                <th
                  key={head.title}
                  scope="col"
                  className={`px-4 py-2.5 text-label whitespace-nowrap text-text-2 ${"align" in head ? "text-end" : "text-start"}`}
                >
                  {"isHidden" in head ? <span className="sr-only">{head.title}</span> : head.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
          {footer !== undefined && <tfoot className="border-t border-line-strong bg-sunken font-[560]">{footer}</tfoot>}
        </table>
      </Titles>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  const titles = useContext(Titles);
  return (
    <tr className="h-13 border-t border-line">
      {Children.toArray(children).map((cell, column) => (
        // The columns of a table stay in their order.
        <Title key={column} value={titles[column]}>
          {cell}
        </Title>
      ))}
    </tr>
  );
}

/** What belongs to the row above, and takes the whole width. */
export function NoteRow({ children }: { children: ReactNode }) {
  const { length } = useContext(Titles);
  return (
    <tr>
      <td colSpan={length} className="px-4 pb-3">
        {children}
      </td>
    </tr>
  );
}

interface CellProps {
  /** `end` for numbers, which stand below each other, and for the menu of a row. */
  align?: "start" | "end";
  /** It stays in sight when the table scrolls sideways: the menu of a row. */
  isPinned?: boolean;
  children?: ReactNode;
}

export function Cell({ align = "start", isPinned = false, children }: CellProps) {
  const title = useContext(Title);
  const place = align === "end" ? "text-end tabular-nums" : "";
  return (
    <td
      data-title={title}
      className={`px-4 py-2 align-middle ${place} ${isPinned ? "sticky end-0 w-14 bg-bg pe-2 ps-1" : ""}`}
    >
      {children}
    </td>
  );
}

import type { ReactNode } from "react";

/** The head of a column; `end` for numbers. */
type Column = string | { title: string; align: "end" } | { title: string; isHidden: true };

interface Props {
  label: string;
  columns: Column[];
  /** Rows of cells. */
  children: ReactNode;
  /** Rows below a line: totals. */
  footer?: ReactNode;
}

/** Rows with a head; a table that is too wide scrolls inside its frame. */
export function Table({ label, columns, children, footer }: Props) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto rounded-frame border border-line" tabIndex={0} role="group" aria-label={label}>
      <table aria-label={label} className="w-full text-start text-ui max-sm:w-max max-sm:min-w-full">
        <thead className="bg-sunken">
          <tr>
            {columns.map((column) => {
              const { title, ...rest } = typeof column === "string" ? { title: column } : column;
              return (
                <th
                  key={title}
                  scope="col"
                  className={`px-4 py-2.5 text-label whitespace-nowrap text-text-2 ${"align" in rest ? "text-end" : "text-start"}`}
                >
                  {"isHidden" in rest ? <span className="sr-only">{title}</span> : title}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
        {footer !== undefined && <tfoot className="border-t border-line-strong bg-sunken font-[560]">{footer}</tfoot>}
      </table>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr className="h-13 border-t border-line">{children}</tr>;
}

interface CellProps {
  /** `end` for numbers, which stand below each other, and for the menu of a row. */
  align?: "start" | "end";
  /** It stays in sight when the table scrolls sideways: the menu of a row. */
  isPinned?: boolean;
  children?: ReactNode;
}

export function Cell({ align = "start", isPinned = false, children }: CellProps) {
  const place = align === "end" ? "text-end tabular-nums" : "";
  return (
    <td
      className={`px-4 py-2 align-middle max-sm:max-w-72 ${place} ${isPinned ? "sticky end-0 w-14 bg-bg pe-2 ps-1" : ""}`}
    >
      {children}
    </td>
  );
}

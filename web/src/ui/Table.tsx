import type { ReactNode } from "react";

interface Props {
  label: string;
  columns: string[];
  /** Rows of cells. */
  children: ReactNode;
}

/** Rows with a head; one that is too wide scrolls in itself. */
export function Table({ label, columns, children }: Props) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto rounded-lg border border-line" tabIndex={0} role="group" aria-label={label}>
      <table aria-label={label} className="w-full text-left text-sm">
        <thead className="bg-side">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="px-3 py-2 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr className="border-t border-line">{children}</tr>;
}

export function Cell({ children }: { children: ReactNode }) {
  return <td className="px-3 py-2 align-middle">{children}</td>;
}

import type { ReactNode } from "react";
import "./table.css";

interface Props {
  dir?: string;
  children: ReactNode;
}

/** A table scrolls in its frame; shadows show that there is more at the sides. */
export function TableFrame({ dir, children }: Props) {
  return (
    // It scrolls, and must be reached by keyboard for that.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-frame" tabIndex={0} role="group" dir={dir}>
      <table>{children}</table>
    </div>
  );
}

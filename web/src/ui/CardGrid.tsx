import type { ReactNode } from "react";

/** Cards side by side, three on a desk and one on a phone. */
export function CardGrid({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {children}
    </ul>
  );
}

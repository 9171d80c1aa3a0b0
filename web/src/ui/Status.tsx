import type { ReactNode } from "react";

const dots = { good: "bg-good", warn: "bg-warn", bad: "bg-bad", plain: "bg-text-3" };

/** A state: a dot and a word. */
export function Status({ look = "plain", children }: { look?: keyof typeof dots; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[look]}`} />
      {children}
    </span>
  );
}

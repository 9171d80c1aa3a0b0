import type { ReactNode } from "react";

const looks = {
  good: "border-green-600 text-green-800 dark:text-green-300",
  bad: "border-red-600 text-red-800 dark:text-red-300",
  plain: "border-line text-faint",
};

/** A state in a word. */
export function Badge({ look = "plain", children }: { look?: keyof typeof looks; children: ReactNode }) {
  return (
    <span className={`inline-block rounded-full border px-2 py-0.5 text-xs font-medium ${looks[look]}`}>
      {children}
    </span>
  );
}

import type { ReactNode } from "react";

/** A short word beside a name: a tag, a default, a version. */
export function Badge({ children }: { children: ReactNode }) {
  return (
    <span className="inline-block max-w-full shrink-0 truncate rounded-md border border-line bg-sunken px-1.5 align-middle text-small font-[560] text-text-2">
      {children}
    </span>
  );
}

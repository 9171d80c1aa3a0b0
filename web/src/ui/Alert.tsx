import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Something that a person must know now; read out at once. */
export function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="flex gap-2.5 rounded-frame bg-bad-soft px-3.5 py-2.5 text-ui text-text">
      <CircleAlert aria-hidden="true" className="mt-px size-[18px] shrink-0 text-bad" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

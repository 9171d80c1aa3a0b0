import type { ReactNode } from "react";

interface Props {
  /** The side of its message that it is on. */
  side: "start" | "end";
  /** Shown always; else when the message is pointed at or has the focus, and always to fingers. */
  isShown: boolean;
  children: ReactNode;
}

/** What can be done with a message, below it. Keeps its place while it is hidden. */
export function Actions({ side, isShown, children }: Props) {
  const hidden =
    "opacity-0 group-hover/message:opacity-100 group-focus-within/message:opacity-100 has-aria-expanded:opacity-100 pointer-coarse:opacity-100";
  return (
    <div
      className={`flex min-h-8 flex-wrap items-center gap-px transition-opacity ${side === "end" ? "-me-2 -mt-1 -mb-4 justify-end" : "-ms-2"} ${isShown ? "" : hidden}`}
    >
      {children}
    </div>
  );
}

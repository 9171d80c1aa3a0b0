import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  /** What can be done about it. */
  children?: ReactNode;
}

/** A list that holds nothing yet: what it is for, and how it begins. */
export function EmptyState({ icon: Icon, title, children }: Props) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-dashed border-line-strong px-6 py-12 text-center">
      <span aria-hidden="true" className="rounded-popover bg-accent-soft p-3 text-accent-text">
        <Icon className="size-10" strokeWidth={1.5} />
      </span>
      <p className="max-w-md text-ui text-text-2">{title}</p>
      {children}
    </div>
  );
}

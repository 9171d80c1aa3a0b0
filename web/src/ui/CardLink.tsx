import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Tile } from "./Tile";

interface Props {
  to: string;
  title: string;
  description: string;
  /** The picture; the initials of the title else. */
  icon?: LucideIcon;
  /** Facts in a row at the bottom. */
  meta: { icon: LucideIcon; text: string }[];
  /** A state beside the title. */
  state?: ReactNode;
  /** Another way to use it than opening it, such as a button. */
  action?: ReactNode;
}

/** One thing of a grid: pressing the card anywhere opens it. */
export function CardLink({ to, title, description, icon, meta, state, action }: Props) {
  return (
    <li className="relative flex flex-col gap-3 rounded-card border border-line bg-bg p-4 transition-colors hover:border-line-strong hover:bg-hover">
      <div className="flex items-start gap-3">
        <Tile icon={icon} name={title} size="large" />
        <div className="flex min-w-0 flex-1 flex-col">
          <Link
            to={to}
            dir="auto"
            className="font-[560] break-words text-text outline-none after:absolute after:inset-0 after:rounded-card focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
          {state !== undefined && <span className="text-small text-text-2">{state}</span>}
        </div>
        {action !== undefined && <div className="relative z-1 -mt-1 -me-1">{action}</div>}
      </div>
      <p dir="auto" className="line-clamp-2 min-h-10 flex-1 text-ui break-words text-text-2">
        {description}
      </p>
      <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-text-3">
        {meta.map(({ icon: Icon, text }) => (
          <li key={text} className="flex min-w-0 items-center gap-1.5">
            <Icon aria-hidden="true" className="size-3.5 shrink-0" />
            <span className="truncate">{text}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}

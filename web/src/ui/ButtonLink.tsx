import type { ReactNode } from "react";
import { Link } from "react-router";

/** A way to a page that matters as much as a button. */
export function ButtonLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="rounded-lg bg-indigo-600 px-3 py-2 text-sm font-medium text-white hover:bg-indigo-700">
      {children}
    </Link>
  );
}

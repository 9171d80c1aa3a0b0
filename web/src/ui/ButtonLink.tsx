import type { ReactNode } from "react";
import { Link } from "react-router";
import { buttonClass } from "./Button";

interface Props {
  to: string;
  look?: "primary" | "plain" | "quiet";
  children: ReactNode;
}

/** A link to a page that matters as much as a button. */
export function ButtonLink({ to, look = "primary", children }: Props) {
  const hovers = { primary: "hover:bg-accent-hover", plain: "hover:bg-hover", quiet: "hover:bg-hover" };
  return (
    <Link to={to} className={`${buttonClass(look)} ${hovers[look]}`}>
      {children}
    </Link>
  );
}

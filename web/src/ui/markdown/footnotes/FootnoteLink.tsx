import type { MouseEvent, ReactNode } from "react";

interface Props {
  id?: string;
  to: string;
  label: string;
  children: ReactNode;
}

/** Goes to another place in the same text; the address of the page stays as it is. */
export function FootnoteLink({ id, to, label, children }: Props) {
  const go = (event: MouseEvent) => {
    const target = document.getElementById(to);
    event.preventDefault();
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  };
  return (
    <a id={id} href={`#${to}`} aria-label={label} onClick={go}>
      {children}
    </a>
  );
}

import { ArrowUpRight } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  /** Nothing while it is being written. */
  href: string | undefined;
  title?: string;
  children: ReactNode;
}

/** A link opens another page, and tells where it leads if that is another site. */
export function Link({ href, title, children }: Props) {
  if (href === undefined || href === "") {
    return <span className="text-accent-text">{children}</span>;
  }
  const isExternal = leadsAway(href);
  return (
    <a href={href} title={title ?? (isExternal ? href : undefined)} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      {isExternal && (
        <span className="external-arrow">
          <ArrowUpRight aria-hidden="true" className="inline size-3 rtl:-scale-x-100" />
        </span>
      )}
    </a>
  );
}

function leadsAway(href: string): boolean {
  const url = URL.canParse(href, location.href) ? new URL(href, location.href) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin !== location.origin;
}

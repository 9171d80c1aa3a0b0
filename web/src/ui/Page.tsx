import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { UnsavedGuard } from "./UnsavedGuard";

interface Props {
  title: string;
  /** What the page is for, in a sentence. */
  description?: string;
  /** The page that this one belongs to. */
  back?: { to: string; title: string };
  /** What can be done here, beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page beside the chats: its title, what can be done, and what scrolls. */
export function Page({ title, description, back, actions, children }: Props) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  // Screen readers announce the page, and the keyboard continues from its title.
  useEffect(() => heading.current?.focus(), []);
  return (
    // What scrolls must be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="min-h-0 flex-1 overflow-y-auto" tabIndex={0} role="region" aria-label={title}>
      <div className="mx-auto flex w-full max-w-page flex-col gap-6 p-4 md:px-10 md:py-7">
        {back !== undefined && (
          <Link to={back.to} className="-mb-4 flex w-fit items-center gap-1 text-label text-text-2 hover:text-text">
            <ChevronLeft aria-hidden="true" className="size-4 rtl:-scale-x-100" />
            {back.title}
          </Link>
        )}
        <div className="flex min-h-9 flex-wrap items-start justify-between gap-3">
          <title>{`${title} · ${t("app.name")}`}</title>
          <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
            <h1 ref={heading} tabIndex={-1} dir="auto" className="text-title break-words outline-none">
              {title}
            </h1>
            {description !== undefined && (
              <p dir="auto" className="text-ui text-text-2">
                {description}
              </p>
            )}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {children}
        <UnsavedGuard />
      </div>
    </div>
  );
}

import { ArrowUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MessageCitation } from "../../api/generated";
import { readableName } from "../../lib/fileName";
import { excerptText } from "../../lib/plainText";

interface Props {
  citation: MessageCitation;
  /** Only the beginning of the passage is shown. */
  isShort?: boolean;
}

/** A source: its document and page, the passage, and the way to it. */
export function SourceCard({ citation: { number, title, quote, location }, isShort = false }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2 p-2 text-ui">
      <p dir="auto" className="flex items-baseline gap-2 font-[560]">
        <span className="text-small text-accent-text">{number}</span>
        <span className="min-w-0 break-words">{readableName(title)}</span>
      </p>
      <blockquote
        dir="auto"
        className={`border-s-2 border-line-strong ps-3 text-label font-[450] break-words text-text-2 ${isShort ? "line-clamp-5" : ""}`}
      >
        {excerptText(quote)}
      </blockquote>
      <a
        href={location}
        target="_blank"
        rel="noopener"
        className="touch-target inline-flex w-fit items-center gap-1 text-label text-accent-text hover:underline"
      >
        {t("thread.openSource")}
        <ArrowUpRight aria-hidden="true" className="size-3 rtl:-scale-x-100" />
      </a>
    </div>
  );
}

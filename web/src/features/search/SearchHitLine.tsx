import { useTranslation } from "react-i18next";
import type { SearchHit } from "./searchApi";

/** What was found: the conversation, and the passage with the words in it. */
export function SearchHitLine({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  return (
    <span className="flex min-w-0 flex-col">
      <span className="truncate font-medium">{hit.title ?? t("conversation.untitled")}</span>
      <span className="line-clamp-2 text-xs text-text-2">
        {hit.fragments.map(({ text, matched }, index) =>
          matched ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </span>
    </span>
  );
}

import { Bot, FileText, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "../../hooks/useFormat";
import { Tile } from "../../ui/Tile";
import type { HitGroup } from "./hitGroups";
import { addressOf } from "./searchApi";
import { SearchSnippet } from "./SearchSnippet";

const KINDS = {
  chat: { icon: MessageSquare, name: "search.kinds.conversation" },
  document: { icon: FileText, name: "search.kinds.document" },
  assistant: { icon: Bot, name: "search.kinds.assistant" },
} as const;

/** A chat, document or assistant, and the places in it that match. */
export function SearchGroup({ group }: { group: HitGroup }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, title, address, at, hits } = group;
  const { icon, name } = KINDS[kind];
  const row = "block px-4 outline-none hover:bg-hover focus-visible:bg-hover";
  return (
    <li className="overflow-hidden rounded-card border border-line">
      <Link to={address} className={`${row} flex items-center gap-3 py-3`}>
        <Tile icon={icon} look="plain" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span dir="auto" className="truncate font-[560]">
            {title ?? t("conversation.untitled")}
          </span>
          <span className="text-small text-text-3">
            {t(name)}
            {hits.length > 0 && ` · ${t("search.hits", { count: hits.length })}`}
          </span>
        </span>
        <span className="shrink-0 text-small text-text-3">{format.date(at)}</span>
      </Link>
      {hits.map((hit) => (
        <Link key={hit.id} to={addressOf(hit)} className={`${row} border-t border-line py-2.5 ps-15`}>
          {hit.role === "user" && <span className="text-small text-text-3">{t("search.you")} </span>}
          <span dir="auto" className="line-clamp-2 text-text-2">
            <SearchSnippet hit={hit} />
          </span>
        </Link>
      ))}
    </li>
  );
}

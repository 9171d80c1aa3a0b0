import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import type { LeftOut } from "./knowledgeApi";

/** The kinds that have a sentence of their own; a newer server may tell of others. */
const KINDS = [
  "unreadable_page",
  "incomplete_page",
  "page_without_text",
  "embedded_file",
  "hidden_sheet",
  "hidden_cells",
  "unknown_characters",
  "struck_text",
  "hidden_text",
] as const;
type Kind = (typeof KINDS)[number] | "other";

/** What a document holds and nobody finds in it: one sentence for each kind, with its pages. */
export function LeftOutList({ items }: { items: LeftOut[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = (kind: Kind): string => {
    const entries = items.filter((item) => kindOf(item) === kind);
    if (kind === "unknown_characters" || kind === "embedded_file" || kind === "struck_text" || kind === "hidden_text") {
      return t(`knowledge.leftOut.${kind}`, { count: total(entries) });
    }
    const pages = [...new Set(entries.flatMap(({ page }) => page ?? []))].sort((one, other) => one - other);
    const others = total(entries.filter(({ page }) => page == null));
    const named = pages.map((page) => format.number(page));
    if (others > 0 && pages.length > 0) {
      named.push(t("knowledge.leftOut.more", { count: others }));
    }
    const list = format.list(named.length > 0 ? named : [String(others)]);
    return t(`knowledge.leftOut.${kind}`, { count: pages.length + others, pages: list });
  };
  const kinds: Kind[] = [...KINDS, "other"];
  const present = kinds.filter((kind) => items.some((item) => kindOf(item) === kind));
  return present.map((kind) => (
    <span key={kind} className="max-w-xs text-small text-text-2">
      {sentence(kind)}
    </span>
  ));
}

function total(entries: LeftOut[]): number {
  return entries.reduce((sum, { count }) => sum + (count ?? 1), 0);
}

function kindOf({ kind }: LeftOut): Kind {
  return KINDS.find((known) => known === kind) ?? "other";
}

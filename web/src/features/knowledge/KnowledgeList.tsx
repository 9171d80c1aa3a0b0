import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { type KnowledgeBase, useKnowledgeBasesInfiniteQuery } from "./knowledgeApi";

/** All knowledge bases that one may read. */
export function KnowledgeList() {
  const { t } = useTranslation();
  const found = useKnowledgeBasesInfiniteQuery(undefined);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      {found.isSuccess && items.length === 0 && <p className="text-sm text-text-2">{t("knowledge.none")}</p>}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {items.map((base) => (
          <KnowledgeCard key={base.id} base={base} />
        ))}
      </ul>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

function KnowledgeCard({ base }: { base: KnowledgeBase }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line p-4">
      <Link to={`/knowledge/${base.id}`} className="min-w-0 font-medium break-words underline">
        {base.name}
      </Link>
      <p className="line-clamp-3 flex-1 text-sm break-words text-text-2">{base.description}</p>
      <div className="flex flex-wrap items-center gap-1 text-xs text-text-2">
        <span>{t("knowledge.documentCount", { count: base.documents })}</span>
        {base.visibility === "everyone" && <Badge>{t("assistant.everyone")}</Badge>}
        {base.visibility === "groups" && <Badge>{t("knowledge.forGroups")}</Badge>}
        {base.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </div>
    </li>
  );
}

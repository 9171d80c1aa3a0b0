import { SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { groupHits } from "./hitGroups";
import { KindFacets } from "./KindFacets";
import { SearchGroup } from "./SearchGroup";
import { type SearchKind, useFoundInfiniteQuery, type Wanted } from "./searchApi";

interface Props {
  wanted: Wanted;
  onNarrow: (kind: SearchKind | undefined) => void;
}

/** What fits, the best first; each leads to its place. */
export function SearchResults({ wanted, onNarrow }: Props) {
  const { t } = useTranslation();
  const found = useFoundInfiniteQuery(wanted);
  // What was counted for the search before stays until this one is counted.
  const counts = found.data?.pages[0]?.facets?.kind;
  const hits = found.currentData?.pages.flatMap((page) => page.items);
  if (found.isError) {
    return <Failed problem={problemOf(found.error)} onRetry={found.refetch} />;
  }
  const withoutMeaning = wanted.mode === "hybrid" && found.currentData?.pages[0]?.by_meaning === false;
  return (
    <>
      <KindFacets chosen={wanted.kind} counts={counts} onChoose={onNarrow} />
      {withoutMeaning && <p className="text-ui text-text-2">{t("search.wordsAlone")}</p>}
      {hits === undefined ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <p role="status" className="sr-only">
            {hits.length === 0 ? t("search.none") : t("search.shown", { count: hits.length })}
          </p>
          {hits.length === 0 && <EmptyState icon={SearchX} title={t("search.none")} />}
          <ol aria-label={t("search.results")} className="flex flex-col gap-3">
            {groupHits(hits).map((group) => (
              <SearchGroup key={group.id} group={group} />
            ))}
          </ol>
        </>
      )}
      {found.hasNextPage && (
        <Button className="self-center" isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

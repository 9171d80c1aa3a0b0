import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { KindFacets } from "./KindFacets";
import { SearchHitLine } from "./SearchHitLine";
import { addressOf, type SearchKind, useFoundInfiniteQuery, type Wanted } from "./searchApi";

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
  const facets = <KindFacets chosen={wanted.kind} counts={counts} onChoose={onNarrow} />;
  const hits = found.currentData?.pages.flatMap((page) => page.items) ?? [];
  if (found.isError) {
    return <Failed problem={problemOf(found.error)} onRetry={found.refetch} />;
  }
  if (found.currentData === undefined) {
    return (
      <>
        {facets}
        <Skeleton />
      </>
    );
  }
  const withoutMeaning = wanted.mode === "hybrid" && found.currentData.pages[0]?.by_meaning === false;
  return (
    <>
      {facets}
      {withoutMeaning && <p className="text-sm text-text-2">{t("search.wordsAlone")}</p>}
      <p role="status" className={hits.length === 0 ? "text-sm text-text-2" : "sr-only"}>
        {hits.length === 0 ? t("search.none") : t("search.shown", { count: hits.length })}
      </p>
      <ol aria-label={t("search.results")} className="flex flex-col gap-3">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Link
              to={addressOf(hit)}
              className="flex flex-col rounded-lg border border-line p-3 text-sm hover:bg-hover"
            >
              <span className="text-xs text-text-2">{t(`search.kinds.${hit.kind}`)}</span>
              <SearchHitLine hit={hit} />
            </Link>
          </li>
        ))}
      </ol>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

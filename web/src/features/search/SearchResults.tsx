import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Loading } from "../../ui/Loading";
import { SearchHitLine } from "./SearchHitLine";
import { addressOf, useFoundInfiniteQuery, type Wanted } from "./searchApi";

/** What fits, the best first; each leads to its place. */
export function SearchResults({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation();
  const found = useFoundInfiniteQuery(wanted);
  const hits = found.currentData?.pages.flatMap((page) => page.items) ?? [];
  if (found.isError) {
    return <Failed problem={problemOf(found.error)} onRetry={found.refetch} />;
  }
  if (found.currentData === undefined) {
    return <Loading />;
  }
  return (
    <>
      <p role="status" className={hits.length === 0 ? "text-sm text-faint" : "sr-only"}>
        {hits.length === 0 ? t("search.none") : t("search.shown", { count: hits.length })}
      </p>
      <ol aria-label={t("search.results")} className="flex flex-col gap-3">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Link
              to={addressOf(hit)}
              className="flex flex-col rounded-lg border border-line p-3 text-sm hover:bg-hover"
            >
              <span className="text-xs text-faint">{t(`search.kinds.${hit.kind}`)}</span>
              <SearchHitLine hit={hit} />
            </Link>
          </li>
        ))}
      </ol>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

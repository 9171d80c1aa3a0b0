import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Failed } from "./Failed";
import { Skeleton } from "./Skeleton";

/** An infinite query of any list, as far as it matters here. */
interface PagedQuery<Item> {
  data?: { pages: { items: Item[] }[] };
  isLoading: boolean;
  isSuccess: boolean;
  isError: boolean;
  isFetchingNextPage: boolean;
  hasNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

interface Props<Item> {
  query: PagedQuery<Item>;
  /** What went wrong, in words, where something did. */
  problem?: { code?: string; detail: string; request_id?: string };
  /** Shown when the list is empty. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A paginated list, with its states while it loads, when it is empty and when it fails, and a button for more. */
export function PagedList<Item>({ query, problem, empty, children }: Props<Item>) {
  const { t } = useTranslation();
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {query.isError && problem !== undefined && <Failed problem={problem} onRetry={query.refetch} />}
      {query.isSuccess && items.length === 0 ? empty : items.length > 0 && children(items)}
      {query.hasNextPage && (
        <Button className="self-center" isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

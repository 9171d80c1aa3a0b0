import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { type Chunk, placeOf, useChunksInfiniteQuery } from "./knowledgeApi";

/** The passages of a document; the one that is looked for is marked and in sight. */
export function Passages({ id, passage }: { id: string; passage?: string }) {
  const { t } = useTranslation();
  const found = useChunksInfiniteQuery({ id, around: passage });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      <ol className="flex flex-col gap-3">
        {items.map((chunk) => (
          <Passage key={chunk.id} chunk={chunk} isWanted={chunk.id === passage} />
        ))}
      </ol>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

function Passage({ chunk, isWanted }: { chunk: Chunk; isWanted: boolean }) {
  const { t } = useTranslation();
  const place = placeOf(chunk, (page) => t("knowledge.page", { page }));
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isWanted) {
      item.current?.scrollIntoView({ block: "center" });
    }
  }, [isWanted]);
  const text = <span className="break-words whitespace-pre-line">{chunk.text}</span>;
  return (
    <li ref={item} className="rounded-lg border border-line p-3 text-sm" aria-current={isWanted || undefined}>
      <p className="text-xs text-text-2">
        {chunk.number + 1}
        {place !== "" && ` · ${place}`}
      </p>
      {isWanted ? <mark className="bg-mark text-mark-text">{text}</mark> : text}
    </li>
  );
}

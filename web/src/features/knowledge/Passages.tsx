import { FileText } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { type Chunk, placeOf, useChunksInfiniteQuery } from "./knowledgeApi";

/** The passages of a document; the one that is looked for is marked and in sight. */
export function Passages({ id, passage }: { id: string; passage?: string }) {
  const { t } = useTranslation();
  const found = useChunksInfiniteQuery({ id, around: passage });
  return (
    <PagedList
      query={found}
      problem={found.isError ? problemOf(found.error) : undefined}
      empty={<EmptyState icon={FileText} title={t("knowledge.noText")} />}
    >
      {(chunks) => (
        <ol className="flex max-w-reading flex-col gap-3">
          {chunks.map((chunk) => (
            <Passage key={chunk.id} chunk={chunk} isWanted={chunk.id === passage} />
          ))}
        </ol>
      )}
    </PagedList>
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
  const text = (
    <span dir="auto" className="block text-start break-words whitespace-pre-line">
      {chunk.text}
    </span>
  );
  return (
    <li ref={item} className="rounded-card border border-line p-4 text-ui" aria-current={isWanted || undefined}>
      <p className="mb-1 text-small text-text-3">
        {chunk.number + 1}
        {place !== "" && ` · ${place}`}
      </p>
      {isWanted ? <mark className="-m-1 block rounded-icon p-1">{text}</mark> : text}
    </li>
  );
}

import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageCitation } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { IconButton } from "../../ui/IconButton";
import { MessageItem } from "./MessageItem";
import { useThreadInfiniteQuery } from "./messageApi";
import { Sources } from "./Sources";
import { stopSpeaking } from "./speech";
import { firstRunning, inOrder, type Path } from "./thread";
import { ThreadFailed } from "./ThreadFailed";
import { ThreadStatus } from "./ThreadStatus";
import { useReadMarker } from "./useReadMarker";
import { useRows } from "./useRows";

/** Earlier messages are fetched when so many are left above. */
const AHEAD = 40;

interface Props {
  path: Path;
  /** Goes to the path through another message beside one. */
  onPath: (through: string | undefined) => void;
  /** Goes to the path that ends at a message, so that the next one follows it. */
  onBranch?: (leaf: string) => void;
  /** Up to where the person has read, where that is known. */
  lastRead: string | null | undefined;
}

/** The messages of a path, the newest in sight. Only those in sight are in the page, however many there are. */
export function Thread({ path, onPath, onBranch, lastRead }: Props) {
  const { t } = useTranslation();
  const { data, error, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useThreadInfiniteQuery(path);
  const messages = useMemo(() => inOrder(data), [data]);
  const box = useRef<HTMLDivElement>(null);
  const { rows, items, lastHeight, isAtEnd } = useRows(box, messages);
  const [sources, setSources] = useState<{ citations: MessageCitation[]; marked?: number }>();
  const showSources = useCallback(
    (citations: MessageCitation[], marked?: number) => setSources({ citations, marked }),
    [],
  );
  const last = messages.at(-1);
  const hasBegun = messages.length > 0;
  const first = items[0]?.index ?? 0;
  const running = firstRunning(messages);
  useReadMarker(path.id, last, lastRead);
  useEffect(() => stopSpeaking, []);

  useEffect(() => {
    if (hasBegun && first < AHEAD && hasNextPage && !isFetchingNextPage && !isError) {
      void fetchNextPage();
    }
  }, [hasBegun, first, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  if (isError && !hasBegun) {
    return <ThreadFailed path={path} error={error} onPath={onPath} onRetry={refetch} />;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          ref={box}
          // The box scrolls, and must be reached by keyboard for that.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="region"
          aria-label={t("message.thread")}
          className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]"
        >
          <div
            // A feed has messages; until they have come, it is a place for them.
            role={items.length > 0 ? "feed" : undefined}
            aria-label={items.length > 0 ? t("message.thread") : undefined}
            aria-busy={isFetchingNextPage}
            className="relative mx-auto max-w-reading max-md:mx-4"
            style={{ height: rows.getTotalSize() }}
          >
            {items.map(({ index, start }) => {
              const message = messages[index];
              const isLast = message !== undefined && message === last;
              return (
                message !== undefined && (
                  <div
                    key={message.id}
                    data-index={index}
                    ref={rows.measureElement}
                    className="absolute inset-x-0"
                    // A transform would hide the row's place from what is sticky in it: captions of code.
                    style={{ top: start, minHeight: isLast ? lastHeight : undefined }}
                  >
                    <MessageItem
                      message={message}
                      number={hasNextPage ? undefined : index + 1}
                      of={hasNextPage ? undefined : messages.length}
                      isLast={isLast}
                      isWaiting={index > running}
                      onPath={onPath}
                      onBranch={isLast ? undefined : onBranch}
                      onSources={showSources}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
        {!isAtEnd && (
          <IconButton
            label={t("message.toEnd")}
            icon={ArrowDown}
            size="round"
            className="absolute! inset-x-0 bottom-3 mx-auto border border-line-strong bg-raised! shadow-raised"
            onPress={() => rows.scrollToEnd()}
          />
        )}
      </div>
      {isError && (
        <div className="mx-auto w-full max-w-reading px-4 pb-2">
          <Failed problem={problemOf(error)} onRetry={refetch} />
        </div>
      )}
      <ThreadStatus isBranch={path.leaf !== undefined} last={last} onPath={onPath} />
      {sources !== undefined && <Sources {...sources} onClose={() => setSources(undefined)} />}
    </div>
  );
}

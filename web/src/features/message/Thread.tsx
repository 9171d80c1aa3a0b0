import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { MessageItem } from "./MessageItem";
import { useThreadInfiniteQuery } from "./messageApi";
import { inOrder, type Path } from "./thread";
import { useReadMarker } from "./useReadMarker";

/** Nearer than this to the end, in pixels, the view follows what is written. */
const NEAR = 80;
/** Earlier messages are fetched when so many are left above. */
const AHEAD = 40;
const ESTIMATE = 120;

interface Props {
  path: Path;
  /** Goes to the path through another message beside one. */
  onPath: (through: string | undefined) => void;
  /** Up to where the person has read, where that is known. */
  lastRead: string | null | undefined;
}

/** The messages of a path, the newest in sight. Only those in sight are in the page, however many there are. */
export function Thread({ path, onPath, lastRead }: Props) {
  const { t } = useTranslation();
  const { data, error, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useThreadInfiniteQuery(path);
  const messages = useMemo(() => inOrder(data), [data]);
  const box = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  useReadMarker(path.id, last, lastRead);
  // eslint-disable-next-line react-hooks/incompatible-library -- it tells by itself when to show anew
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => box.current,
    estimateSize: () => ESTIMATE,
    getItemKey: (index) => messages[index]?.id ?? index,
    overscan: 4,
    gap: 24,
    paddingStart: 16,
    paddingEnd: 16,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR,
  });
  const shown = rows.getVirtualItems();
  const begun = messages.length > 0;
  const first = shown[0]?.index ?? 0;
  const isAtEnd = shown.length === 0 || rows.isAtEnd(NEAR);

  useLayoutEffect(() => {
    if (begun) {
      rows.scrollToEnd();
    }
  }, [begun, rows]);

  useEffect(() => {
    if (begun && first < AHEAD && hasNextPage && !isFetchingNextPage && !isError) {
      void fetchNextPage();
    }
  }, [begun, first, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  if (isError && !begun) {
    const problem = problemOf(error);
    const isAstray = problem.status === 422 && path.through !== undefined;
    const detail =
      problem.status === 404 ? t("conversation.notFound") : isAstray ? t("message.notFound") : problem.detail;
    return (
      <div className="flex-1 p-4">
        <Failed problem={{ ...problem, detail }} onRetry={isAstray ? () => onPath(undefined) : refetch} />
      </div>
    );
  }
  return (
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
          role="feed"
          aria-label={t("message.thread")}
          aria-busy={isFetchingNextPage}
          className="relative mx-auto max-w-3xl"
          style={{ height: rows.getTotalSize() }}
        >
          {shown.map(({ index, start }) => {
            const message = messages[index];
            return (
              message !== undefined && (
                <div
                  key={message.id}
                  data-index={index}
                  ref={rows.measureElement}
                  className="absolute inset-x-0 px-4"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <MessageItem
                    message={message}
                    number={hasNextPage ? undefined : index + 1}
                    of={hasNextPage ? undefined : messages.length}
                    onPath={onPath}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      {!isAtEnd && (
        <Button
          className="absolute right-6 bottom-2 bg-bg shadow"
          onPress={() => rows.scrollToEnd()}
          aria-label={t("message.toEnd")}
        >
          ↓
        </Button>
      )}
      {isError && (
        <div className="mx-auto w-full max-w-3xl px-4 pb-2">
          <Failed problem={problemOf(error)} onRetry={refetch} />
        </div>
      )}
      <p role="status" className="sr-only">
        {last?.status === "running" && t("message.answering")}
        {last?.role === "assistant" && last.status === "complete" && t("message.answered")}
      </p>
    </div>
  );
}

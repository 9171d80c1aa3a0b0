import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { useConversationsInfiniteQuery, useFollowConversationsQuery } from "./conversationApi";
import { ConversationEntry } from "./ConversationEntry";
import { byDay, type Label } from "./days";

const ROW = 33;
const LABEL = 34;

/** All chats by day, pinned ones first. Only those in sight are in the page. */
export function ConversationList({ currentId }: { currentId?: string }) {
  const { t } = useTranslation();
  useFollowConversationsQuery(undefined);
  const pinned = useConversationsInfiniteQuery({ place: "pinned", text: "" });
  const open = useConversationsInfiniteQuery({ place: "open", text: "" });
  const chats = useMemo(
    () => [pinned, open].flatMap(({ data }) => data?.pages.flatMap((page) => page.items) ?? []),
    [pinned, open],
  );
  const items = byDay(chats, new Date());
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- it tells by itself when to render again
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => ("label" in (items[index] ?? {}) ? LABEL : ROW),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 10,
  });
  const shown = rows.getVirtualItems();
  const isAtEnd = (shown.at(-1)?.index ?? 0) >= items.length - 1;
  const { hasNextPage, isFetching, fetchNextPage } = pinned.hasNextPage ? pinned : open;

  useEffect(() => {
    if (isAtEnd && hasNextPage && !isFetching) {
      void fetchNextPage();
    }
  }, [isAtEnd, hasNextPage, isFetching, fetchNextPage]);

  const failed = open.error ?? pinned.error;
  return (
    <nav aria-label={t("conversation.list")} className="flex min-h-0 flex-1 flex-col">
      {failed !== undefined && items.length === 0 && (
        <Failed
          problem={problemOf(failed)}
          onRetry={() => {
            void pinned.refetch();
            void open.refetch();
          }}
        />
      )}
      {failed === undefined && (open.isLoading || pinned.isLoading) && <Skeleton lines={6} />}
      {open.isSuccess && pinned.isSuccess && items.length === 0 && (
        <p className="px-2.5 py-2 text-text-3">{t("conversation.none")}</p>
      )}
      <div ref={box} className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1">
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start, size, key }) => {
            const row = items[index];
            return (
              row !== undefined && (
                <li
                  key={key}
                  className="absolute inset-x-0"
                  style={{ transform: `translateY(${start}px)`, height: size }}
                >
                  {"item" in row ? (
                    <ConversationEntry conversation={row.item} isCurrent={row.item.id === currentId} />
                  ) : (
                    <DayLabel label={row.label} />
                  )}
                </li>
              )
            );
          })}
        </ul>
      </div>
    </nav>
  );
}

function DayLabel({ label }: { label: Label }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <h2 className="flex h-full items-end px-2.5 pb-1.5 text-small font-[560] text-text-3">
      {label.kind === "month" ? format.month(label.start) : t(`conversation.days.${label.kind}`)}
    </h2>
  );
}

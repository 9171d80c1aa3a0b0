import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { wordsOf } from "../../api/problem";
import { useDebounced } from "../../hooks/useDebounced";
import { Alert } from "../../ui/Alert";
import { type Conversation, useConversationsInfiniteQuery, useFollowConversationsQuery } from "./conversationApi";
import { ConversationEntry } from "./ConversationEntry";
import { DeletedNotice } from "./DeletedNotice";

const ROW = 40;

/** All conversations, pinned ones first, with a search by title. Only those in sight are in the page. */
export function ConversationList({ currentId }: { currentId?: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [deleted, setDeleted] = useState<Conversation>();
  const text = useDebounced(typed, 200);
  useFollowConversationsQuery(undefined);
  const pinned = useConversationsInfiniteQuery({ place: "pinned", text });
  const open = useConversationsInfiniteQuery({ place: "open", text });
  const items = [pinned, open].flatMap(({ data }) => data?.pages.flatMap((page) => page.items) ?? []);
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- it tells by itself when to show anew
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => items[index]?.id ?? index,
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
    <nav aria-label={t("conversation.list")} className="flex min-h-0 flex-1 flex-col gap-2">
      <input
        type="search"
        id="search"
        aria-label={t("conversation.search")}
        placeholder={t("conversation.search")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="rounded-lg border border-line bg-bg px-3 py-2 text-sm"
      />
      {deleted !== undefined && <DeletedNotice conversation={deleted} onDone={() => setDeleted(undefined)} />}
      {failed !== undefined && items.length === 0 && <Alert>{wordsOf(failed, t("app.unreachable"))}</Alert>}
      {open.isSuccess && pinned.isSuccess && items.length === 0 && (
        <p className="p-2 text-sm text-text-2">{t(text === "" ? "conversation.none" : "conversation.noneFound")}</p>
      )}
      <div ref={box} className="min-h-0 flex-1 overflow-y-auto">
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const conversation = items[index];
            return (
              conversation !== undefined && (
                <ConversationEntry
                  key={conversation.id}
                  conversation={conversation}
                  isCurrent={conversation.id === currentId}
                  top={start}
                  onDeleted={setDeleted}
                />
              )
            );
          })}
        </ul>
      </div>
    </nav>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { wordsOf } from "../../api/problem";
import { useDebounced } from "../../hooks/useDebounced";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { type Conversation, useConversationsInfiniteQuery } from "./conversationApi";
import { ConversationEntry } from "./ConversationEntry";
import { DeletedNotice } from "./DeletedNotice";

/** All conversations, with a search by title. */
export function ConversationList({ currentId }: { currentId?: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [deleted, setDeleted] = useState<Conversation>();
  const found = useConversationsInfiniteQuery(useDebounced(text, 200));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <nav aria-label={t("conversation.list")} className="flex min-h-0 flex-1 flex-col gap-2">
      <input
        type="search"
        aria-label={t("conversation.search")}
        placeholder={t("conversation.search")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="rounded-lg border border-line bg-page px-3 py-2 text-sm"
      />
      {deleted !== undefined && <DeletedNotice conversation={deleted} onDone={() => setDeleted(undefined)} />}
      {found.isError && items.length === 0 && <Alert>{wordsOf(found.error, t("app.unreachable"))}</Alert>}
      {found.isSuccess && items.length === 0 && (
        <p className="p-2 text-sm text-faint">{t(text === "" ? "conversation.none" : "conversation.noneFound")}</p>
      )}
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {items.map((conversation) => (
          <ConversationEntry
            key={conversation.id}
            conversation={conversation}
            isCurrent={conversation.id === currentId}
            onDeleted={setDeleted}
          />
        ))}
        {found.hasNextPage && (
          <li>
            <Button look="quiet" className="w-full" onPress={() => void found.fetchNextPage()}>
              {t("conversation.more")}
            </Button>
          </li>
        )}
      </ul>
    </nav>
  );
}

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import {
  type Conversation,
  useConversationsInfiniteQuery,
  useRestoreConversationMutation,
  useUpdateConversationMutation,
} from "./conversationApi";

const TEXTS = {
  archived: { title: "conversation.archived", none: "conversation.archivedNone", back: "conversation.unarchive" },
  trashed: { title: "conversation.trashed", none: "conversation.trashedNone", back: "conversation.restore" },
} as const;

/** Conversations that were put away, and the way back for each. */
export function ShelfList({ place }: { place: keyof typeof TEXTS }) {
  const { t, i18n } = useTranslation();
  const found = useConversationsInfiniteQuery({ place, text: "" });
  const [update] = useUpdateConversationMutation();
  const [restore] = useRestoreConversationMutation();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const texts = TEXTS[place];
  const back = ({ id }: Conversation) =>
    void (place === "archived" ? update({ id, updateConversation: { archived: false } }) : restore({ id }));
  return (
    <section aria-labelledby={place} className="flex flex-col gap-2">
      <h2 id={place} className="font-semibold">
        {t(texts.title)}
      </h2>
      {found.isLoading && <Skeleton />}
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      {found.isSuccess && items.length === 0 && <p className="text-sm text-text-2">{t(texts.none)}</p>}
      <ul className="flex flex-col gap-1">
        {items.map((conversation) => {
          const title = conversation.title ?? t("conversation.untitled");
          return (
            <li
              key={conversation.id}
              className="flex items-center gap-3 rounded-lg border border-line px-3 py-2 text-sm"
            >
              <Link to={`/c/${conversation.id}`} className="min-w-0 flex-1 truncate hover:underline">
                {title}
              </Link>
              <span className="hidden text-xs text-text-2 sm:inline">
                {new Date(conversation.updated_at).toLocaleDateString(i18n.language)}
              </span>
              <Button aria-label={`${t(texts.back)}: ${title}`} onPress={() => back(conversation)}>
                {t(texts.back)}
              </Button>
            </li>
          );
        })}
      </ul>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </section>
  );
}

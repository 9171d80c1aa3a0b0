import { Archive, MessageSquare, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf, wordsOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { Tile } from "../../ui/Tile";
import { toast } from "../../ui/Toast";
import { EmptyTrash, EraseButton } from "./Erase";
import {
  type Conversation,
  useConversationsInfiniteQuery,
  useRestoreConversationMutation,
  useUpdateConversationMutation,
} from "./conversationApi";

const PLACES = {
  archived: {
    title: "conversation.archived",
    none: "conversation.archivedNone",
    back: "conversation.unarchive",
    done: "conversation.unarchivedNow",
    icon: Archive,
  },
  trashed: {
    title: "conversation.trashed",
    none: "conversation.trashedNone",
    back: "conversation.restore",
    done: "conversation.restoredNow",
    icon: Trash2,
  },
} as const;

/** Chats that were put away, and the way back for each. */
export function ShelfList({ place }: { place: keyof typeof PLACES }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useConversationsInfiniteQuery({ place, text: "" });
  const [update] = useUpdateConversationMutation();
  const [restore] = useRestoreConversationMutation();
  const texts = PLACES[place];

  async function bringBack({ id, title: named }: Conversation) {
    const title = named ?? t("conversation.untitled");
    const { error } =
      place === "archived" ? await update({ id, updateConversation: { archived: false } }) : await restore({ id });
    toast(error === undefined ? t(texts.done, { title }) : wordsOf(error, t("app.unreachable")));
  }

  return (
    <PagedList
      query={found}
      problem={found.isError ? problemOf(found.error) : undefined}
      empty={<EmptyState icon={texts.icon} title={t(texts.none)} />}
    >
      {(conversations) => (
        <div className="flex flex-col gap-3">
          {place === "trashed" && <EmptyTrash />}
          <ul
            aria-label={t(texts.title)}
            className="flex flex-col divide-y divide-line rounded-frame border border-line"
          >
            {conversations.map((conversation) => {
              const title = conversation.title ?? t("conversation.untitled");
              return (
                <li key={conversation.id} className="flex min-h-14 items-center gap-3 px-4 py-2">
                  <Tile icon={MessageSquare} look="plain" />
                  <span className="flex min-w-0 flex-1 flex-col">
                    <Link to={`/c/${conversation.id}`} dir="auto" className="truncate font-[560] hover:underline">
                      {title}
                    </Link>
                    <span className="text-small text-text-3">
                      {t("conversation.lastActive", { at: format.date(conversation.updated_at) })}
                    </span>
                  </span>
                  {place === "trashed" && <EraseButton id={conversation.id} title={title} />}
                  <Button aria-label={`${t(texts.back)}: ${title}`} onPress={() => void bringBack(conversation)}>
                    <RotateCcw aria-hidden="true" />
                    <span className="max-sm:sr-only">{t(texts.back)}</span>
                  </Button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </PagedList>
  );
}

import { Ellipsis, Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { IconButton } from "../../ui/IconButton";
import type { Conversation } from "./conversationApi";
import { ConversationMenu } from "./ConversationMenu";

interface Props {
  conversation: Conversation;
  isCurrent: boolean;
}

/** A chat in the list; its menu shows when one points at it, and always on a touch screen. */
export function ConversationEntry({ conversation, isCurrent }: Props) {
  const { t } = useTranslation();
  const title = conversation.title ?? t("conversation.untitled");
  const { id, pinned } = conversation;
  const isUnread =
    !isCurrent && conversation.leaf_id != null && conversation.leaf_id !== conversation.last_read_message_id;
  return (
    <div
      className={`group relative flex h-full items-center rounded-[9px] ${isCurrent ? "bg-active" : "hover:bg-hover focus-within:bg-hover"}`}
    >
      <Link
        to={`/c/${id}`}
        aria-current={isCurrent ? "page" : undefined}
        className={`flex h-full min-w-0 flex-1 items-center gap-2 rounded-[9px] px-2.5 ${isUnread || isCurrent ? "font-[560] text-text" : "text-text-2"}`}
      >
        {pinned && <Pin aria-hidden="true" className="size-3.5 shrink-0 text-text-3" />}
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {title}
        </span>
        {isUnread && (
          <span className="size-[7px] shrink-0 rounded-full bg-accent group-hover:hidden">
            <span className="sr-only">{t("conversation.unread")}</span>
          </span>
        )}
      </Link>
      <ConversationMenu conversation={conversation} isCurrent={isCurrent}>
        <IconButton
          label={t("conversation.actions", { title })}
          tooltip={t("conversation.more")}
          icon={Ellipsis}
          className="me-0.5 w-0 overflow-hidden opacity-0 group-hover:w-8 group-hover:opacity-100 group-focus-within:w-8 group-focus-within:opacity-100 aria-expanded:w-8 aria-expanded:opacity-100 pointer-coarse:w-8 pointer-coarse:opacity-100"
        />
      </ConversationMenu>
    </div>
  );
}

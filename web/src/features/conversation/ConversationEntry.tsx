import { useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { save } from "../../api/download";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { type Conversation, useTrashConversationMutation, useUpdateConversationMutation } from "./conversationApi";
import { RenameDialog } from "./RenameDialog";

interface Props {
  conversation: Conversation;
  isCurrent: boolean;
  /** Where in the list it lies, in pixels. */
  top: number;
  onDeleted: (conversation: Conversation) => void;
}

/** What a conversation is saved as: for the server, the ending of the file, for people. */
const FORMATS = [
  ["markdown", "md", "Markdown"],
  ["html", "html", "HTML"],
  ["pdf", "pdf", "PDF"],
  ["json", "json", "JSON"],
] as const;

const item = "cursor-pointer rounded px-3 py-1.5 text-sm outline-none data-focused:bg-hover";

/** A conversation in the list, and what can be done with it. */
export function ConversationEntry({ conversation, isCurrent, top, onDeleted }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [update] = useUpdateConversationMutation();
  const [trash] = useTrashConversationMutation();
  const [renaming, setRenaming] = useState(false);
  const [failed, setFailed] = useState<string>();
  const title = conversation.title ?? t("conversation.untitled");
  const { id, pinned } = conversation;
  const isUnread =
    !isCurrent && conversation.leaf_id != null && conversation.leaf_id !== conversation.last_read_message_id;

  /** Says why something was not done; true where there is a reason. */
  function tell({ error }: { error?: unknown }): boolean {
    if (error !== undefined) {
      setFailed(problemOf(error).detail || t("app.unreachable"));
    }
    return error !== undefined;
  }

  async function act(action: string | number) {
    const format = FORMATS.find(([name]) => name === action);
    setFailed(undefined);
    if (action === "rename") {
      setRenaming(true);
    } else if (format !== undefined) {
      const [name, ending] = format;
      await save(`/api/v1/conversations/${id}/export?format=${name}`, `${title}.${ending}`).catch(() =>
        setFailed(t("conversation.notSaved")),
      );
    } else if (action === "pin") {
      tell(await update({ id, updateConversation: { pinned: !pinned } }));
    } else {
      const done = action === "archive" ? update({ id, updateConversation: { archived: true } }) : trash({ id });
      if (tell(await done)) {
        return;
      }
      if (action === "delete") {
        onDeleted(conversation);
      }
      if (isCurrent) {
        await navigate("/");
      }
    }
  }

  return (
    <li
      className={`group absolute inset-x-0 flex h-10 items-center rounded-lg ${isCurrent ? "bg-hover" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Link
        to={`/c/${id}`}
        aria-current={isCurrent ? "page" : undefined}
        className="min-w-0 flex-1 truncate rounded-lg px-3 py-2 text-sm hover:bg-hover"
      >
        {pinned && <span aria-hidden="true">📌 </span>}
        {title}
        {isUnread && (
          <span className="ml-2 inline-block size-2 rounded-full bg-accent align-middle">
            <span className="sr-only">{t("conversation.unread")}</span>
          </span>
        )}
      </Link>
      {failed !== undefined && (
        <span role="alert" title={failed} className="max-w-[50%] truncate text-xs text-bad">
          {failed}
        </span>
      )}
      <MenuTrigger>
        <Button look="quiet" aria-label={t("conversation.actions", { title })}>
          ⋯
        </Button>
        <Popover className="rounded-lg border border-line bg-bg p-1 shadow-lg">
          <Menu onAction={(action) => void act(action)} aria-label={t("conversation.actions", { title })}>
            <MenuItem id="rename" className={item}>
              {t("conversation.rename")}
            </MenuItem>
            <MenuItem id="pin" className={item}>
              {t(pinned ? "conversation.unpin" : "conversation.pin")}
            </MenuItem>
            <MenuItem id="archive" className={item}>
              {t("conversation.archive")}
            </MenuItem>
            {FORMATS.map(([format, , name]) => (
              <MenuItem key={format} id={format} className={item}>
                {t("conversation.export", { format: name })}
              </MenuItem>
            ))}
            <MenuItem id="delete" className={item}>
              {t("conversation.delete")}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <RenameDialog conversation={conversation} isOpen={renaming} onClose={() => setRenaming(false)} />
    </li>
  );
}

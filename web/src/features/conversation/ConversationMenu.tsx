import { Archive, Download, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { save } from "../../api/download";
import { wordsOf } from "../../api/problem";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import {
  type Conversation,
  useRestoreConversationMutation,
  useTrashConversationMutation,
  useUpdateConversationMutation,
} from "./conversationApi";
import { RenameDialog } from "./RenameDialog";

/** What a chat is exported as: for the server, the ending of the file, for people. */
const FORMATS = [
  ["markdown", "md", "Markdown"],
  ["html", "html", "HTML"],
  ["pdf", "pdf", "PDF"],
  ["json", "json", "JSON"],
] as const;

interface Props {
  conversation: Conversation;
  /** It is the one that is shown: whoever puts it away goes on at home. */
  isCurrent: boolean;
  /** The button that opens the menu. */
  children: ReactElement;
}

/** What can be done with a chat: in the list, and above the chat itself. */
export function ConversationMenu({ conversation, isCurrent, children }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [update] = useUpdateConversationMutation();
  const [trash] = useTrashConversationMutation();
  const [restore] = useRestoreConversationMutation();
  const [isRenaming, setIsRenaming] = useState(false);
  const title = conversation.title ?? t("conversation.untitled");
  const { id, pinned } = conversation;
  const fail = (error: unknown) => toast(wordsOf(error, t("app.unreachable")));

  /** Does something that takes the chat out of the list, and offers the way back. */
  async function putAway(done: Promise<unknown>, text: string, undo: () => { unwrap: () => Promise<unknown> }) {
    try {
      await done;
    } catch (error) {
      fail(error);
      return;
    }
    toast(text, { label: t("conversation.undo"), onPress: () => void undo().unwrap().catch(fail) });
    if (isCurrent) {
      await navigate("/");
    }
  }

  const change = (changes: { pinned?: boolean; archived?: boolean }) => update({ id, updateConversation: changes });
  const archive = () =>
    putAway(change({ archived: true }).unwrap(), t("conversation.archivedNow", { title }), () =>
      change({ archived: false }),
    );
  const remove = () => putAway(trash({ id }).unwrap(), t("conversation.deleted", { title }), () => restore({ id }));

  return (
    <>
      <Menu
        label={t("conversation.actions", { title })}
        groups={[
          [
            { id: "rename", label: t("conversation.rename"), icon: Pencil, onAction: () => setIsRenaming(true) },
            {
              id: "pin",
              label: t(pinned ? "conversation.unpin" : "conversation.pin"),
              icon: pinned ? PinOff : Pin,
              onAction: () => void change({ pinned: !pinned }).unwrap().catch(fail),
            },
          ],
          FORMATS.map(([format, ending, name]) => ({
            id: format,
            label: t("conversation.export", { format: name }),
            icon: Download,
            onAction: () =>
              void save(`/api/v1/conversations/${id}/export?format=${format}`, `${title}.${ending}`).catch(() =>
                toast(t("conversation.notSaved")),
              ),
          })),
          [
            { id: "archive", label: t("conversation.archive"), icon: Archive, onAction: () => void archive() },
            {
              id: "delete",
              label: t("conversation.delete"),
              icon: Trash2,
              isDanger: true,
              onAction: () => void remove(),
            },
          ],
        ]}
      >
        {children}
      </Menu>
      <RenameDialog conversation={conversation} isOpen={isRenaming} onClose={() => setIsRenaming(false)} />
    </>
  );
}

import { Archive, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { wordsOf } from "../api/problem";
import {
  type Conversation,
  useRestoreConversationMutation,
  useUpdateConversationMutation,
} from "../features/conversation/conversationApi";
import { Alert } from "../ui/Alert";
import { Button } from "../ui/Button";

/** Replaces the composer where nothing can be written, and says what to do first. */
export function ChatClosed({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [update, updating] = useUpdateConversationMutation();
  const [restore, restoring] = useRestoreConversationMutation();
  const { id, trashed } = conversation;
  const Icon = trashed ? Trash2 : Archive;
  const error = updating.error ?? restoring.error;
  const reopen = () => (trashed ? restore({ id }) : update({ id, updateConversation: { archived: false } }));
  return (
    <div className="flex flex-col gap-2">
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
      <div
        role="status"
        className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-composer border border-line-strong bg-sunken px-4 py-3"
      >
        <Icon aria-hidden="true" className="size-[18px] text-text-3" />
        <span className="flex-1">{t(trashed ? "composer.trashed" : "composer.archived")}</span>
        <Button isPending={updating.isLoading || restoring.isLoading} onPress={() => void reopen()}>
          {t(trashed ? "conversation.restore" : "conversation.unarchive")}
        </Button>
      </div>
    </div>
  );
}

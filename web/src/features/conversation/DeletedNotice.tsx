import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { type Conversation, useRestoreConversationMutation } from "./conversationApi";

/** What was just put into the trash, and the way back. */
export function DeletedNotice({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const { t } = useTranslation();
  const [restore] = useRestoreConversationMutation();
  return (
    <div role="status" className="flex items-center justify-between gap-2 rounded-lg bg-hover px-3 py-2 text-sm">
      <span className="truncate">
        {t("conversation.deleted", { title: conversation.title ?? t("conversation.untitled") })}
      </span>
      <Button look="quiet" onPress={() => void restore({ id: conversation.id }).then(onDone)}>
        {t("conversation.undo")}
      </Button>
    </div>
  );
}

/** Deleting chats of the trash for good. There is no way back, so each asks first. */
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { wordsOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { IconButton } from "../../ui/IconButton";
import { toast } from "../../ui/Toast";
import { useEmptyTrashMutation, useEraseConversationMutation } from "./conversationApi";

export function EraseButton({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const [erase, { isLoading }] = useEraseConversationMutation();

  async function confirmed() {
    const { error } = await erase({ id });
    toast(error === undefined ? t("conversation.erasedNow") : wordsOf(error, t("app.unreachable")));
  }

  return (
    <>
      <IconButton
        label={`${t("conversation.eraseForever")}: ${title}`}
        tooltip={t("conversation.eraseForever")}
        icon={Trash2}
        isDisabled={isLoading}
        onPress={() => setIsAsking(true)}
      />
      <Confirm
        title={t("conversation.eraseTitle", { title })}
        action={t("conversation.eraseForever")}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => void confirmed()}
      >
        <Hint>{t("conversation.eraseHint")}</Hint>
      </Confirm>
    </>
  );
}

/** The rows go one by one, as the server erases them. */
export function EmptyTrash() {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const [empty, { isLoading }] = useEmptyTrashMutation();

  async function confirmed() {
    const { error } = await empty();
    toast(error === undefined ? t("conversation.emptyingTrash") : wordsOf(error, t("app.unreachable")));
  }

  return (
    <>
      <Button className="self-end" isPending={isLoading} onPress={() => setIsAsking(true)}>
        <Trash2 aria-hidden="true" />
        {t("conversation.emptyTrash")}
      </Button>
      <Confirm
        title={t("conversation.emptyTitle")}
        action={t("conversation.emptyTrash")}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => void confirmed()}
      >
        <Hint>{t("conversation.emptyHint")}</Hint>
      </Confirm>
    </>
  );
}

function Hint({ children }: { children: ReactNode }) {
  return <p className="text-ui text-text-2">{children}</p>;
}

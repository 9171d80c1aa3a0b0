import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { Dialog } from "../../ui/Dialog";
import { type Conversation, useUpdateConversationMutation } from "./conversationApi";

interface Props {
  conversation: Conversation;
  isOpen: boolean;
  onClose: () => void;
}

export function RenameDialog({ conversation, isOpen, onClose }: Props) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(conversation.title ?? "");
  const [update, { error, isLoading }] = useUpdateConversationMutation();
  return (
    <Dialog title={t("conversation.renameTitle")} isOpen={isOpen} onClose={onClose}>
      <Form
        errors={error === undefined ? undefined : fieldErrors(problemOf(error))}
        onSubmit={() => {
          void update({ id: conversation.id, updateConversation: { title } })
            .unwrap()
            .then(onClose, () => undefined);
        }}
      >
        <TextField name="title" label={t("conversation.title")} isRequired value={title} onChange={setTitle} />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{t("conversation.cancel")}</Button>
          <Button type="submit" look="primary" isPending={isLoading}>
            {t("conversation.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

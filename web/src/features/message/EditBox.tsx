import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { isComposing } from "../../lib/composing";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { ComposerText } from "./ComposerText";
import { useEditMessageMutation, useGetPreferencesQuery } from "./messageApi";

interface Props {
  message: Message;
  onPath: (through: string | undefined) => void;
  onClose: () => void;
}

/** Where another version of a message is written, with the keys of the composer. */
export function EditBox({ message, onPath, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(message.content);
  const [edit, { error, isLoading }] = useEditMessageMutation();
  const { data: preferences } = useGetPreferencesQuery();
  const box = useRef<HTMLTextAreaElement>(null);
  const isEmpty = text.trim() === "" && message.attachments.length === 0;

  async function send() {
    if (isEmpty || isLoading) {
      return;
    }
    const { error } = await edit({ id: message.id, editMessage: { content: text } });
    if (error === undefined) {
      onClose();
      onPath(undefined);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    // Keys of a composition belong to the input method.
    if (isComposing(event.nativeEvent)) {
      return;
    }
    const isSent = preferences?.send_on_enter !== false || event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.shiftKey && isSent) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape") {
      onClose();
    }
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="rounded-composer border border-line-strong bg-raised px-4 py-3 focus-within:border-accent">
        <ComposerText
          box={box}
          aria-label={t("message.editing")}
          // The person has just pressed Edit.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
      <span className="flex justify-end gap-2">
        <Button look="quiet" onPress={onClose}>
          {t("conversation.cancel")}
        </Button>
        <Button look="primary" isPending={isLoading} isDisabled={isEmpty} onPress={() => void send()}>
          {t("message.send")}
        </Button>
      </span>
    </div>
  );
}

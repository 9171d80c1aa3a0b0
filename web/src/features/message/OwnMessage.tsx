import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { isComposing } from "../../lib/composing";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { AttachedFiles } from "./AttachedFiles";
import { useEditMessageMutation } from "./messageApi";
import { Siblings } from "./Siblings";

interface Props {
  message: Message;
  onPath: (through: string | undefined) => void;
}

/** What a person wrote, and another version of it: the first one is kept beside. */
export function OwnMessage({ message, onPath }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState<string>();
  const [edit, { error, isLoading }] = useEditMessageMutation();

  if (text === undefined) {
    return (
      <>
        {message.attachments.length > 0 && <AttachedFiles ids={message.attachments} />}
        {message.content !== "" && (
          <p className="ml-auto max-w-[85%] rounded-2xl bg-hover px-4 py-2 break-words whitespace-pre-wrap">
            {message.content}
          </p>
        )}
        <span className="ml-auto flex items-center">
          <Siblings message={message} onPath={onPath} />
          <Button look="quiet" className="text-xs text-text-2" onPress={() => setText(message.content)}>
            {t("message.edit")}
          </Button>
        </span>
      </>
    );
  }
  const send = async () => {
    const sent = await edit({ id: message.id, editMessage: { content: text } });
    if (sent.error === undefined) {
      setText(undefined);
      onPath(undefined);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <textarea
        aria-label={t("message.editing")}
        // One has asked for it just now.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        rows={Math.min(10, text.split("\n").length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isComposing(event.nativeEvent)) {
            setText(undefined);
          }
        }}
        className="resize-none rounded-2xl border border-line bg-bg px-4 py-2"
      />
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
      <span className="ml-auto flex gap-2">
        <Button onPress={() => setText(undefined)}>{t("conversation.cancel")}</Button>
        <Button
          look="primary"
          isPending={isLoading}
          isDisabled={text.trim() === "" && message.attachments.length === 0}
          onPress={() => void send()}
        >
          {t("message.send")}
        </Button>
      </span>
    </div>
  );
}

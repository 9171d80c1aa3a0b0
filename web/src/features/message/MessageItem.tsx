import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Answer, type AnswerProps } from "./Answer";
import { OwnMessage } from "./OwnMessage";

interface Props extends AnswerProps {
  /** Its place among all messages, and how many there are, where they are known. */
  number?: number;
  of?: number;
}

/** One message. Renders again only when it changes itself: others may be written meanwhile. */
export const MessageItem = memo(function MessageItem({ number, of = -1, ...props }: Props) {
  const { t } = useTranslation();
  const { id, role, status } = props.message;
  const isOwn = role === "user";
  return (
    <article
      id={id}
      aria-label={t(isOwn ? "message.you" : "message.assistant")}
      aria-busy={status === "running"}
      aria-posinset={number}
      aria-setsize={of}
      className="group/message flex flex-col gap-2"
    >
      {isOwn ? (
        <OwnMessage
          message={props.message}
          isWaiting={props.isWaiting && props.isLast}
          isLast={props.isLast}
          onPath={props.onPath}
        />
      ) : (
        <Answer {...props} />
      )}
    </article>
  );
});

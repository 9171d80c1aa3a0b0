import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useSelector } from "react-redux";
import type { Message } from "../../api/generated";
import { RichText } from "../../ui/RichText";
import { AnswerFooter } from "./AnswerFooter";
import { Ending } from "./Ending";
import { OwnMessage } from "./OwnMessage";
import type { Run } from "./runSlice";

/** What a run that did not come to its end is told by. */
const ENDS = { interrupted: "message.interrupted", cancelled: "message.cancelled", failed: "message.failed" } as const;

interface Props {
  message: Message;
  /** Its place among all messages, and how many there are, where they are known. */
  number?: number;
  of?: number;
  onPath: (through: string | undefined) => void;
}

/** One message: its text, or what is written of it so far. */
export const MessageItem = memo(function MessageItem({ message, number, of = -1, onPath }: Props) {
  const { t } = useTranslation();
  const run = useSelector((state: { run: Record<string, Run> }) => state.run[message.response_id ?? ""]);
  const isOwn = message.role === "user";
  const isRunning = message.status === "running";
  const text = isRunning ? (run?.text ?? "") : message.content;
  const reasoning = isRunning
    ? (run?.reasoning ?? "")
    : message.parts.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("\n");
  const end = message.status in ENDS ? ENDS[message.status as keyof typeof ENDS] : undefined;
  return (
    <article
      id={message.id}
      aria-label={t(isOwn ? "message.you" : "message.assistant")}
      aria-busy={isRunning}
      aria-posinset={number}
      aria-setsize={of}
      className="flex flex-col gap-2"
    >
      {isOwn && <OwnMessage message={message} onPath={onPath} />}
      {reasoning !== "" && (
        <details className="text-sm text-text-2">
          <summary className="cursor-pointer">{t("message.reasoning")}</summary>
          <p className="whitespace-pre-wrap">{reasoning}</p>
        </details>
      )}
      {!isOwn && text !== "" && <RichText text={text} />}
      {isRunning && text === "" && <p className="text-text-2">{t("message.thinking")}</p>}
      {end !== undefined && <Ending message={message} text={t(end)} />}
      {!isOwn && !isRunning && <AnswerFooter message={message} onPath={onPath} />}
    </article>
  );
});

import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useSelector } from "react-redux";
import type { Message } from "../../api/generated";
import { RichText } from "../../ui/RichText";
import { AnswerFooter } from "./AnswerFooter";
import { Ending } from "./Ending";
import type { Run } from "./runSlice";

/** What a run that did not come to its end is told by. */
const ENDS = { interrupted: "message.interrupted", cancelled: "message.cancelled", failed: "message.failed" } as const;

/** One message: its text, or what is written of it so far. */
export const MessageItem = memo(function MessageItem({ message }: { message: Message }) {
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
      aria-label={t(isOwn ? "message.you" : "message.assistant")}
      aria-busy={isRunning}
      className={`flex flex-col gap-2 ${isOwn ? "ml-auto max-w-[85%] rounded-2xl bg-hover px-4 py-2" : ""}`}
    >
      {reasoning !== "" && (
        <details className="text-sm text-faint">
          <summary className="cursor-pointer">{t("message.reasoning")}</summary>
          <p className="whitespace-pre-wrap">{reasoning}</p>
        </details>
      )}
      {isOwn ? <p className="break-words whitespace-pre-wrap">{text}</p> : text !== "" && <RichText text={text} />}
      {isRunning && text === "" && <p className="text-faint">{t("message.thinking")}</p>}
      {end !== undefined && <Ending message={message} text={t(end)} />}
      {!isOwn && !isRunning && <AnswerFooter message={message} />}
    </article>
  );
});

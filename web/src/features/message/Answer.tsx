import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSelector } from "react-redux";
import { BookOpen } from "lucide-react";
import type { Message, MessageCitation } from "../../api/generated";
import { Button } from "../../ui/Button";
import { RichText } from "../../ui/RichText";
import { Actions } from "./Actions";
import { AnswerActions } from "./AnswerActions";
import { AnswerHead } from "./AnswerHead";
import { CutOff } from "./CutOff";
import { Failure } from "./Failure";
import { Reasoning } from "./Reasoning";
import type { Run } from "./runSlice";
import { Stopped } from "./Stopped";
import { reasoningOf } from "./thread";
import { useCitations } from "./useCitations";
import { useResponse } from "./useResponse";

export interface AnswerProps {
  message: Message;
  isLast: boolean;
  /** The answer above it must end first. */
  isWaiting: boolean;
  onPath: (through: string | undefined) => void;
  onBranch?: (leaf: string) => void;
  /** Shows them, one of them marked. */
  onSources: (citations: MessageCitation[], number?: number) => void;
}

/** An answer: who wrote it, what it thought, what it says, how it ended, and what can be done with it. */
export function Answer({ message, isLast, isWaiting, onPath, onBranch, onSources }: AnswerProps) {
  const { t } = useTranslation();
  const run = useSelector((state: { run: Record<string, Run> }) => state.run[message.response_id ?? ""]);
  const { response, assistant } = useResponse(message);
  const marks = useCitations(message.citations, onSources);
  const body = useRef<HTMLDivElement>(null);
  const { status, citations } = message;
  const isRunning = status === "running";
  const text = isRunning ? (run?.text ?? "") : message.content;
  const reasoning = isRunning ? { text: run?.reasoning ?? "", tookMs: run?.thoughtMs } : reasoningOf(message);
  return (
    <>
      {/* No run wrote what was imported. */}
      <AnswerHead assistant={assistant} model={response?.model} isImported={message.response_id == null} />
      {isWaiting ? (
        <p className="text-ui text-text-3">{t("thread.waiting")}</p>
      ) : (
        <Reasoning {...reasoning} isThinking={isRunning && text === ""} />
      )}
      {text !== "" && (
        <div ref={body} dir="auto">
          <RichText text={text} isStreaming={isRunning} {...marks} />
        </div>
      )}
      {status === "cancelled" && <Stopped message={message} onPath={onPath} />}
      {(status === "failed" || status === "interrupted") && (
        <Failure message={message} response={response} onPath={onPath} />
      )}
      {!isRunning && <CutOff message={message} reason={response?.finish_reason} onPath={onPath} />}
      {citations.length > 0 && (
        <Button look="plain" className="min-h-8! w-fit text-label!" onPress={() => onSources(citations)}>
          <BookOpen aria-hidden="true" />
          {t("thread.sources", { count: citations.length })}
        </Button>
      )}
      <Actions side="start" isShown={isLast}>
        <AnswerActions
          message={message}
          response={response}
          assistant={assistant}
          spoken={() => body.current?.innerText ?? message.content}
          onPath={onPath}
          onBranch={onBranch}
        />
      </Actions>
    </>
  );
}

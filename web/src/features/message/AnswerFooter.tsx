import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { useRested } from "../../hooks/useRested";
import { money } from "../../lib/money";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { useGetAssistantQuery, useGetResponseQuery, useRegenerateAnswerMutation } from "./messageApi";
import { CutOff } from "./CutOff";
import { Feedback } from "./Feedback";
import { Siblings } from "./Siblings";

interface Props {
  message: Message;
  onPath: (through: string | undefined) => void;
}

/** An answer that is only scrolled past is not asked about. */
const REST = 150;

/** Below an answer: its sources, which model gave it at what cost, and a copy of it. */
export function AnswerFooter({ message, onPath }: Props) {
  const { t, i18n } = useTranslation();
  const [regenerate, { isLoading }] = useRegenerateAnswerMutation();
  const rested = useRested(REST);
  const asked = rested && message.response_id != null;
  const { data: run } = useGetResponseQuery({ id: message.response_id ?? "" }, { skip: !asked });
  // One that is gone has no name any more.
  const { data: assistant } = useGetAssistantQuery({ id: run?.assistant_id ?? "" }, { skip: run === undefined });
  const seconds =
    run?.started_at != null && run.ended_at != null
      ? (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000
      : undefined;

  // Those that were asked before it and did not begin to answer.
  const instead =
    run === undefined
      ? ""
      : run.calls
          .slice(0, -1)
          .map((call) => call.model)
          .join(", ");

  async function again() {
    const { error } = await regenerate({ id: message.id, regenerateAnswer: {} });
    if (error === undefined) {
      onPath(undefined);
    }
  }

  return (
    <>
      <CutOff message={message} reason={run?.finish_reason} onPath={onPath} />
      <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-text-2">
        {message.citations.length > 0 && (
          <ul aria-label={t("message.sources")} className="flex flex-wrap gap-2">
            {message.citations.map((citation) => (
              <li key={citation.number}>
                <a className="underline" href={citation.location} title={citation.quote} target="_blank" rel="noopener">
                  [{citation.number}] {citation.title}
                </a>
              </li>
            ))}
          </ul>
        )}
        {run !== undefined && (
          <span>
            {assistant !== undefined && `${assistant.name} · `}
            {run.model}
            {instead !== "" && ` (${t("message.insteadOf", { models: instead })})`} · v{run.assistant_version}
            {run.usage != null &&
              ` · ${t("message.tokens", { input: run.usage.input_tokens, output: run.usage.output_tokens })}`}
            {run.cost != null && ` · ${money(run.cost, i18n.language)}`}
            {seconds !== undefined &&
              ` · ${seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`}`}
          </span>
        )}
        <CopyButton label={t("message.copy")} className="text-xs" text={() => message.content} />
        {message.status === "complete" && message.response_id != null && (
          <Button look="quiet" className="text-xs" isPending={isLoading} onPress={() => void again()}>
            {t("message.again")}
          </Button>
        )}
        {message.status === "complete" && <Feedback message={message} />}
        <Siblings message={message} onPath={onPath} />
      </footer>
    </>
  );
}

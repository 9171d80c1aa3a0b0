import type { ReactNode } from "react";
import { Dialog, Heading } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Assistant, Message, Response } from "../../api/generated";
import { useFormat } from "../../hooks/useFormat";

interface Props {
  message: Message;
  response: Response | undefined;
  assistant: Assistant | undefined;
}

/** How an answer came about: its model, tokens, cost and time. What is not known is left out. */
export function AnswerDetails({ message, response, assistant }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (count: number | undefined) => (count ? format.number(count) : undefined);
  const { started_at, ended_at, calls = [], usage, cost, model, assistant_version: version } = response ?? {};
  const took = started_at != null && ended_at != null ? Date.parse(ended_at) - Date.parse(started_at) : undefined;
  const firstMs = calls.at(-1)?.first_ms ?? undefined;
  const time = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : format.duration(milliseconds);
  // Models that were asked before this one and did not start to answer.
  const failed = calls.slice(0, -1).map((call) => call.model);
  const facts: [string, ReactNode][] = [
    [t("thread.assistant"), assistant && t("thread.assistantVersion", { name: assistant.name, version })],
    [t("thread.model"), model],
    [t("thread.fallbackFor"), failed.length > 0 ? failed.join(", ") : undefined],
    [t("thread.inputTokens"), number(usage?.input_tokens)],
    [t("thread.outputTokens"), number(usage?.output_tokens)],
    [t("thread.cost"), cost == null ? undefined : format.money(cost)],
    [t("thread.firstToken"), time(firstMs)],
    [t("thread.time"), time(took)],
    [t("thread.createdAt"), format.dateTime(message.created_at)],
  ];
  return (
    <Dialog className="p-2 outline-none">
      <Heading slot="title" className="pb-2 text-label">
        {t("thread.details")}
      </Heading>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-label font-[450]">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name} className="contents">
                <dt className="text-text-3">{name}</dt>
                <dd className="text-end break-words tabular-nums">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Dialog>
  );
}

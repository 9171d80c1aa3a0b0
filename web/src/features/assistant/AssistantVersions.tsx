import { useTranslation } from "react-i18next";
import type { AssistantVersion } from "../../api/generated";
import { problemOf, wordsOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Diff } from "../../ui/Diff";
import { Disclosure } from "../../ui/Disclosure";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { type Assistant, useListAssistantVersionsQuery, useRestoreAssistantVersionMutation } from "./assistantApi";

const FIELDS = {
  name: "assistant.name",
  description: "assistant.description",
  instructions: "assistant.instructions",
  model: "assistant.model",
  temperature: "assistant.temperature",
  max_output_tokens: "assistant.maxTokens",
} as const;

type Field = keyof typeof FIELDS;

/** Every configuration that an assistant ever had, the newest first; each can be made the current one again. */
export function AssistantVersions({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useListAssistantVersionsQuery({ id: assistant.id });
  const [restore, { isLoading }] = useRestoreAssistantVersionMutation();
  if (data === undefined) {
    return isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />;
  }
  const newestFirst = [...data.items].sort((a, b) => b.number - a.number);

  async function bringBack(n: number) {
    const { error: refused } = await restore({ id: assistant.id, n });
    toast(refused === undefined ? t("assistant.restored", { number: n }) : wordsOf(refused, t("app.unreachable")));
  }

  return (
    <ul aria-label={t("assistant.versions")} className="flex w-full max-w-form flex-col divide-y divide-line">
      {newestFirst.map((version, place) => (
        <Version
          key={version.number}
          version={version}
          before={newestFirst[place + 1]}
          isCurrent={version.number === assistant.assistant_version}
          isPending={isLoading}
          onRestore={() => void bringBack(version.number)}
        />
      ))}
    </ul>
  );
}

interface Props {
  version: AssistantVersion;
  before?: AssistantVersion;
  isCurrent: boolean;
  isPending: boolean;
  onRestore: () => void;
}

function Version({ version, before, isCurrent, isPending, onRestore }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const changed =
    before === undefined
      ? []
      : (Object.keys(FIELDS) as Field[]).filter((field) => (version[field] ?? "") !== (before[field] ?? ""));
  const names = format.list(changed.map((field) => t(FIELDS[field])));
  const value = (from: AssistantVersion | undefined, field: Field) => String(from?.[field] ?? "");
  return (
    <li className="flex flex-col gap-2 py-4">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2">
        <div className="flex min-w-0 flex-col">
          <span className="flex items-center gap-2 font-[560]">
            {t("assistant.version", { number: version.number })}
            {isCurrent && <Badge>{t("assistant.current")}</Badge>}
          </span>
          <span className="text-small text-text-3">{format.dateTime(version.created_at)}</span>
        </div>
        {!isCurrent && (
          <Button
            aria-label={t("assistant.restoreVersion", { number: version.number })}
            isPending={isPending}
            onPress={onRestore}
          >
            {t("assistant.restoreShort")}
          </Button>
        )}
      </div>
      <p className="text-ui text-text-2">
        {before === undefined
          ? t("assistant.firstVersion")
          : changed.length === 0
            ? t("assistant.changedOther")
            : t("assistant.changed", { names })}
      </p>
      <Disclosure title={t(before === undefined ? "assistant.showVersion" : "assistant.showChanges")}>
        {(before === undefined || changed.length === 0 ? (["instructions"] as const) : changed).map((field) => (
          <div key={field} className="flex flex-col gap-1.5">
            <span className="text-label text-text-2">{t(FIELDS[field])}</span>
            <Diff before={value(before, field)} after={value(version, field)} />
          </div>
        ))}
      </Disclosure>
    </li>
  );
}

import { useTranslation } from "react-i18next";
import type { AssistantVersion } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { type Assistant, useListAssistantVersionsQuery, useRestoreAssistantVersionMutation } from "./assistantApi";

interface Props {
  assistant: Assistant;
  mayRestore: boolean;
}

/** Every configuration that an assistant ever had; each can be made the current one again. */
export function AssistantVersions({ assistant, mayRestore }: Props) {
  const { t } = useTranslation();
  const found = useListAssistantVersionsQuery({ id: assistant.id });
  const [restore, { error }] = useRestoreAssistantVersionMutation();
  const newestFirst = [...(found.data?.items ?? [])].sort((a, b) => b.number - a.number);
  return (
    <section aria-labelledby="versions" className="flex flex-col gap-3">
      <h2 id="versions" className="font-semibold">
        {t("assistant.versions")}
      </h2>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      {error !== undefined && <Failed problem={problemOf(error)} />}
      <ul className="flex flex-col gap-2">
        {newestFirst.map((version) => (
          <li key={version.number} className="rounded-lg border border-line px-3 py-2 text-sm">
            <Version version={version} />
            {mayRestore && version.number !== assistant.assistant_version && (
              <Button
                className="mt-2"
                aria-label={t("assistant.restoreVersion", { number: version.number })}
                onPress={() => void restore({ id: assistant.id, n: version.number })}
              >
                {t("assistant.restore")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Version({ version }: { version: AssistantVersion }) {
  const { t, i18n } = useTranslation();
  return (
    <details>
      <summary className="cursor-pointer">
        v{version.number} · {version.name} · {version.model ?? t("assistant.defaultModel")} ·{" "}
        {new Date(version.created_at).toLocaleString(i18n.language)}
      </summary>
      <p className="mt-2 text-text-2">{version.description}</p>
      <p className="mt-2 whitespace-pre-wrap">{version.instructions}</p>
    </details>
  );
}

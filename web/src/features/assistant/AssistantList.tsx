import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { type Assistant, useAssistantsInfiniteQuery } from "./assistantApi";
import { AssistantStatus } from "./AssistantStatus";

/** All assistants that one may see. */
export function AssistantList() {
  const { t } = useTranslation();
  const found = useAssistantsInfiniteQuery(undefined);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {items.map((assistant) => (
          <AssistantCard key={assistant.id} assistant={assistant} />
        ))}
      </ul>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

function AssistantCard({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line p-4">
      <div className="flex items-start justify-between gap-2">
        <Link to={`/assistants/${assistant.id}`} className="min-w-0 font-medium break-words underline">
          {assistant.name}
        </Link>
        <AssistantStatus assistant={assistant} />
      </div>
      <p className="line-clamp-3 flex-1 text-sm break-words text-text-2">{assistant.description}</p>
      <div className="flex items-center justify-between gap-2 text-xs text-text-2">
        <span className="truncate">
          {assistant.model ?? t("assistant.defaultModel")} · v{assistant.assistant_version}
        </span>
        {assistant.status === "active" && (
          <Link
            to={assistant.is_default ? "/" : `/?assistant=${assistant.id}`}
            className="rounded-lg border border-line px-3 py-1.5 text-sm hover:bg-hover"
          >
            {t("assistant.chat")}
          </Link>
        )}
      </div>
    </li>
  );
}

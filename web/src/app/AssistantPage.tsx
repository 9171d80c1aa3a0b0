import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { problemOf } from "../api/problem";
import { AssistantActions } from "../features/assistant/AssistantActions";
import { useCreateAssistantMutation, useGetAssistantQuery } from "../features/assistant/assistantApi";
import { AssistantEditor } from "../features/assistant/AssistantEditor";
import { AssistantForm } from "../features/assistant/AssistantForm";
import { AssistantPerformance } from "../features/assistant/AssistantPerformance";
import { AssistantStatus } from "../features/assistant/AssistantStatus";
import { AssistantVersions } from "../features/assistant/AssistantVersions";
import { Failed } from "../ui/Failed";
import { Skeleton } from "../ui/Skeleton";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Page } from "../ui/Page";
import { TryOut } from "./TryOut";
import { useMe } from "./useMe";

/** One assistant: its form, and a chat beside it in which it is tried. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? <NewAssistant /> : <KnownAssistant key={id} id={id} />;
}

function NewAssistant() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [create] = useCreateAssistantMutation();
  return (
    <Page title={t("assistant.new")}>
      <AssistantForm
        mayPublish={me.role === "manager" || me.role === "admin"}
        action={t("assistant.create")}
        onSubmit={async (given) => {
          const made = await create({ createAssistant: { ...given, status: "draft" } }).unwrap();
          await navigate(`/assistants/${made.id}`, { replace: true });
        }}
      />
    </Page>
  );
}

function KnownAssistant({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: assistant, isError, error, refetch } = useGetAssistantQuery({ id });
  if (assistant === undefined) {
    return (
      <Page title={t("assistant.assistants")}>
        {isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />}
      </Page>
    );
  }
  // Nobody owns the default assistant: administrators change it.
  const mayChange = assistant.owner_id === me.id || (assistant.is_default && me.role === "admin");
  const isUsable = mayChange || assistant.status === "active";
  return (
    <Page title={assistant.name} actions={<AssistantActions assistant={assistant} mayChange={mayChange} />}>
      <p className="flex items-center gap-2 text-sm text-text-2">
        <AssistantStatus assistant={assistant} /> <span>v{assistant.assistant_version}</span>
      </p>
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="flex flex-col gap-6">
          <AssistantEditor
            assistant={assistant}
            isReadOnly={!mayChange}
            mayPublish={mayChange && (me.role === "manager" || me.role === "admin")}
          />
          {mayChange && <AssistantVersions assistant={assistant} mayRestore />}
        </div>
        {isUsable && (
          <ErrorBoundary>
            <TryOut assistantId={id} name={assistant.name} />
          </ErrorBoundary>
        )}
      </div>
      {mayChange && <AssistantPerformance id={id} />}
    </Page>
  );
}

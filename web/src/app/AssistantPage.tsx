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
import { Loading } from "../ui/Loading";
import { Pane } from "../ui/Pane";
import { Room } from "../ui/Room";
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
    <Room title={t("assistant.new")}>
      <AssistantForm
        mayPublish={me.role === "manager" || me.role === "admin"}
        action={t("assistant.create")}
        onSubmit={async (given) => {
          const made = await create({ createAssistant: { ...given, status: "draft" } }).unwrap();
          await navigate(`/assistants/${made.id}`, { replace: true });
        }}
      />
    </Room>
  );
}

function KnownAssistant({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: assistant, isError, error, refetch } = useGetAssistantQuery({ id });
  if (assistant === undefined) {
    return (
      <Room title={t("assistant.assistants")}>
        {isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Loading />}
      </Room>
    );
  }
  // Nobody owns the default assistant: administrators change it.
  const mayChange = assistant.owner_id === me.id || (assistant.is_default && me.role === "admin");
  const isUsable = mayChange || assistant.status === "active";
  return (
    <Room title={assistant.name} actions={<AssistantActions assistant={assistant} mayChange={mayChange} />}>
      <p className="flex items-center gap-2 text-sm text-faint">
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
          <Pane>
            <TryOut assistantId={id} />
          </Pane>
        )}
      </div>
      {mayChange && <AssistantPerformance id={id} />}
    </Room>
  );
}

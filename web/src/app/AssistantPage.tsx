import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { AssistantActions } from "../features/assistant/AssistantActions";
import { useCreateAssistantMutation, useGetAssistantQuery } from "../features/assistant/assistantApi";
import { AssistantEditor } from "../features/assistant/AssistantEditor";
import { AssistantFacts } from "../features/assistant/AssistantFacts";
import { AssistantFields } from "../features/assistant/AssistantFields";
import { AssistantStatus } from "../features/assistant/AssistantStatus";
import { KnowledgeChoice } from "../features/assistant/KnowledgeChoice";
import { useAssistantForm } from "../features/assistant/useAssistantForm";
import { isAtLeast } from "../features/user/roles";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Page } from "../ui/Page";
import { ResourceForm } from "../ui/ResourceForm";
import { Pending } from "./Pending";
import { TryOut } from "./TryOut";
import { useMe } from "./useMe";

/** One assistant, with a chat beside it in which it is tried. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? <NewAssistant /> : <KnownAssistant key={id} id={id} />;
}

function useBack() {
  const { t } = useTranslation();
  return { to: "/assistants", title: t("assistant.assistants") };
}

function NewAssistant() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  // A knowledge base offers to create an assistant that answers from it.
  const [address] = useSearchParams();
  const [create] = useCreateAssistantMutation();
  const form = useAssistantForm({
    knowledge: address.getAll("knowledge"),
    onSave: async (body) => {
      const made = await create({ createAssistant: { ...body, status: "draft" } }).unwrap();
      await navigate(`/assistants/${made.id}`, { replace: true });
      return made;
    },
  });
  return (
    <Page title={t("assistant.new")} description={t("assistant.newHint")} back={useBack()}>
      <ResourceForm form={form} label={t("assistant.form")} action={t("assistant.create")}>
        <AssistantFields form={form} mayPublish={isAtLeast(me.role, "manager")} />
        <KnowledgeChoice chosen={form.values.knowledge_base_ids} onChange={form.set("knowledge_base_ids")} />
      </ResourceForm>
    </Page>
  );
}

function KnownAssistant({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const back = useBack();
  const query = useGetAssistantQuery({ id });
  const { data: assistant } = query;
  if (assistant === undefined) {
    return <Pending title={t("assistant.assistants")} back={back} query={query} />;
  }
  // Nobody owns the default assistant: administrators change it.
  const mayChange = assistant.owner_id === me.id || (assistant.is_default && me.role === "admin");
  const actions = <AssistantActions assistant={assistant} mayChange={mayChange} mayDuplicate={me.role !== "guest"} />;
  return (
    <Page title={assistant.name} description={assistant.description || undefined} back={back} actions={actions}>
      <p className="-mt-3 flex items-center gap-3 text-label text-text-2">
        <AssistantStatus assistant={assistant} />
        <span>{t("assistant.version", { number: assistant.assistant_version })}</span>
      </p>
      {mayChange ? (
        <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
          <AssistantEditor assistant={assistant} mayPublish={isAtLeast(me.role, "manager")} />
          <ErrorBoundary>
            <TryOut assistantId={id} />
          </ErrorBoundary>
        </div>
      ) : (
        <AssistantFacts assistant={assistant} />
      )}
    </Page>
  );
}

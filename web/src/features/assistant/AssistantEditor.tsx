import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { problemOf } from "../../api/problem";
import { forgetUnsaved } from "../../hooks/useUnsaved";
import { useTab } from "../../hooks/useTab";
import { DangerZone } from "../../ui/DangerZone";
import { Failed } from "../../ui/Failed";
import { ResourceForm } from "../../ui/ResourceForm";
import { Tabs } from "../../ui/Tabs";
import { toast } from "../../ui/Toast";
import { type Assistant, useDeleteAssistantMutation, useUpdateAssistantMutation } from "./assistantApi";
import { AssistantFields } from "./AssistantFields";
import { AssistantPerformance } from "./AssistantPerformance";
import { AssistantVersions } from "./AssistantVersions";
import { KnowledgeChoice } from "./KnowledgeChoice";
import { useAssistantForm } from "./useAssistantForm";

interface Props {
  assistant: Assistant;
  mayPublish: boolean;
}

/** Everything about an assistant that its owner may change or look up. */
export function AssistantEditor({ assistant, mayPublish }: Props) {
  const { t } = useTranslation();
  const [tab, setTab] = useTab(["configure", "knowledge", "versions", "usage"]);
  const [update] = useUpdateAssistantMutation();
  const form = useAssistantForm({
    assistant,
    onSave: async (updateAssistant, from = assistant) => {
      try {
        return await update({ id: from.id, "If-Match": `"${from.version}"`, updateAssistant }).unwrap();
      } catch (error) {
        // What is wrong is shown at its field.
        setTab(problemOf(error).errors.some(({ pointer }) => !pointer.includes("knowledge")) ? "configure" : tab);
        throw error;
      }
    },
  });
  const configure = (
    <>
      <ResourceForm form={form} label={t("assistant.form")}>
        <AssistantFields form={form} mayPublish={mayPublish} />
      </ResourceForm>
      {!assistant.is_default && <DeleteAssistant assistant={assistant} />}
    </>
  );
  const knowledge = (
    <ResourceForm form={form} label={t("knowledge.ofAssistant")}>
      <KnowledgeChoice chosen={form.values.knowledge_base_ids} onChange={form.set("knowledge_base_ids")} />
    </ResourceForm>
  );
  return (
    <Tabs
      label={assistant.name}
      selected={tab}
      onSelect={setTab}
      tabs={[
        { id: "configure", title: t("assistant.configure"), content: configure },
        { id: "knowledge", title: t("knowledge.ofAssistant"), content: knowledge },
        { id: "versions", title: t("assistant.versions"), content: <AssistantVersions assistant={assistant} /> },
        { id: "usage", title: t("assistant.usage"), content: <AssistantPerformance id={assistant.id} /> },
      ]}
    />
  );
}

function DeleteAssistant({ assistant: { id, name } }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [remove, { isLoading, error }] = useDeleteAssistantMutation();

  async function erase() {
    const { error: refused } = await remove({ id });
    if (refused === undefined) {
      forgetUnsaved();
      toast(t("app.deleted", { name }));
      await navigate("/assistants");
    }
  }

  return (
    <DangerZone
      action={t("assistant.deleteAction")}
      question={t("assistant.deleteTitle", { name })}
      hint={t("assistant.deleteHint")}
      isPending={isLoading}
      onConfirm={() => void erase()}
    >
      {error !== undefined && <Failed problem={problemOf(error)} />}
    </DangerZone>
  );
}

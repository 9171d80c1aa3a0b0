import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { problemOf } from "../../api/problem";
import { forgetUnsaved } from "../../hooks/useUnsaved";
import { DangerZone } from "../../ui/DangerZone";
import { Failed } from "../../ui/Failed";
import { toast } from "../../ui/Toast";
import { type KnowledgeBase, useDeleteKnowledgeBaseMutation, useUpdateKnowledgeBaseMutation } from "./knowledgeApi";
import { KnowledgeForm } from "./KnowledgeForm";
import { UsedBy } from "./UsedBy";

/** What its owner may change about a knowledge base as a whole. */
export function KnowledgeSettings({ base, mayPublish }: { base: KnowledgeBase; mayPublish: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [update] = useUpdateKnowledgeBaseMutation();
  const [remove, { isLoading, error }] = useDeleteKnowledgeBaseMutation();
  const { id, name } = base;

  async function erase() {
    const { error: refused } = await remove({ id });
    if (refused === undefined) {
      forgetUnsaved();
      toast(t("app.deleted", { name }));
      await navigate("/knowledge");
    }
  }

  return (
    <>
      <KnowledgeForm
        base={base}
        mayPublish={mayPublish}
        onSave={(updateKnowledgeBase) => update({ id, updateKnowledgeBase }).unwrap()}
      />
      <UsedBy base={id} />
      <DangerZone
        action={t("knowledge.deleteBase")}
        question={t("knowledge.deleteTitle", { name })}
        hint={t("knowledge.deleteBaseHint")}
        mustType={base.documents > 0 ? name : undefined}
        isPending={isLoading}
        onConfirm={() => void erase()}
      >
        {error !== undefined && <Failed problem={problemOf(error)} />}
      </DangerZone>
    </>
  );
}

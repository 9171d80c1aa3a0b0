import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { problemOf } from "../api/problem";
import { DocumentTable } from "../features/knowledge/DocumentTable";
import {
  useCreateKnowledgeBaseMutation,
  useDeleteKnowledgeBaseMutation,
  useGetKnowledgeBaseQuery,
  useUpdateKnowledgeBaseMutation,
} from "../features/knowledge/knowledgeApi";
import { KnowledgeForm } from "../features/knowledge/KnowledgeForm";
import { KnowledgeSearch } from "../features/knowledge/KnowledgeSearch";
import { Uploads } from "../features/knowledge/Uploads";
import { isAtLeast } from "../features/user/roles";
import { Button } from "../ui/Button";
import { Confirm } from "../ui/Confirm";
import { Failed } from "../ui/Failed";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "../ui/Page";
import { useMe } from "./useMe";

/** One knowledge base: its documents, what is found in them, and what it is called. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? <NewKnowledgeBase /> : <KnownKnowledgeBase key={id} id={id} />;
}

function NewKnowledgeBase() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [create] = useCreateKnowledgeBaseMutation();
  return (
    <Page title={t("knowledge.new")}>
      <KnowledgeForm
        mayPublish={isAtLeast(me.role, "manager")}
        action={t("knowledge.create")}
        onSubmit={async (createKnowledgeBase) => {
          const made = await create({ createKnowledgeBase }).unwrap();
          await navigate(`/knowledge/${made.id}`, { replace: true });
        }}
      />
    </Page>
  );
}

function KnownKnowledgeBase({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { data: base, isError, error, refetch } = useGetKnowledgeBaseQuery({ id });
  const [update] = useUpdateKnowledgeBaseMutation();
  const [remove, removal] = useDeleteKnowledgeBaseMutation();
  const [confirms, setConfirms] = useState(false);
  if (base === undefined) {
    return (
      <Page title={t("knowledge.knowledge")}>
        {isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />}
      </Page>
    );
  }
  const mayChange = base.owner_id === me.id;

  async function erase() {
    const { error: refused } = await remove({ id });
    if (refused === undefined) {
      await navigate("/knowledge");
    }
  }

  return (
    <Page
      title={base.name}
      actions={mayChange && <Button onPress={() => setConfirms(true)}>{t("knowledge.deleteBase")}</Button>}
    >
      {removal.error !== undefined && <Failed problem={problemOf(removal.error)} />}
      {base.description !== "" && <p className="text-sm break-words text-text-2">{base.description}</p>}
      {mayChange && <Uploads base={id} />}
      <DocumentTable base={id} mayChange={mayChange} />
      <KnowledgeSearch base={id} />
      {mayChange && (
        <KnowledgeForm
          key={base.version}
          base={base}
          mayPublish={isAtLeast(me.role, "manager")}
          action={t("knowledge.save")}
          onSubmit={(updateKnowledgeBase) => update({ id, updateKnowledgeBase }).unwrap()}
        />
      )}
      <Confirm
        title={t("knowledge.deleteTitle", { name: base.name })}
        action={t("knowledge.delete")}
        isOpen={confirms}
        onClose={() => setConfirms(false)}
        onConfirm={() => void erase()}
      >
        <p className="text-sm">{t("knowledge.deleteBaseHint")}</p>
      </Confirm>
    </Page>
  );
}

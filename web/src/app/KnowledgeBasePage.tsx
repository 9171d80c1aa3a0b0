import { Bot, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { wordsOf } from "../api/problem";
import { DocumentTable } from "../features/knowledge/DocumentTable";
import {
  type KnowledgeBase,
  useCreateKnowledgeBaseMutation,
  useGetKnowledgeBaseQuery,
} from "../features/knowledge/knowledgeApi";
import { KnowledgeForm } from "../features/knowledge/KnowledgeForm";
import { KnowledgeSearch } from "../features/knowledge/KnowledgeSearch";
import { KnowledgeSettings } from "../features/knowledge/KnowledgeSettings";
import { Uploads } from "../features/knowledge/Uploads";
import { useChatWithBase } from "../features/knowledge/useChatWithBase";
import { isAtLeast } from "../features/user/roles";
import { useTab } from "../hooks/useTab";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { Tabs } from "../ui/Tabs";
import { toast } from "../ui/Toast";
import { Pending } from "./Pending";
import { useMe } from "./useMe";

/** One knowledge base: its documents, what is found in them, and its settings. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? <NewKnowledgeBase /> : <KnownKnowledgeBase key={id} id={id} />;
}

function useBack() {
  const { t } = useTranslation();
  return { to: "/knowledge", title: t("knowledge.knowledge") };
}

function NewKnowledgeBase() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [create] = useCreateKnowledgeBaseMutation();
  return (
    <Page title={t("knowledge.new")} back={useBack()}>
      <KnowledgeForm
        mayPublish={isAtLeast(me.role, "manager")}
        onSave={async (createKnowledgeBase) => {
          const made = await create({ createKnowledgeBase }).unwrap();
          await navigate(`/knowledge/${made.id}`, { replace: true });
          return made;
        }}
      />
    </Page>
  );
}

function KnownKnowledgeBase({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const back = useBack();
  const query = useGetKnowledgeBaseQuery({ id });
  const { data: base } = query;
  const [tab, setTab] = useTab(["documents", "search", "settings"]);
  if (base === undefined) {
    return <Pending title={t("knowledge.knowledge")} back={back} query={query} />;
  }
  const mayChange = base.owner_id === me.id;
  const documents = (
    <>
      {mayChange && <Uploads base={id} />}
      <DocumentTable base={id} mayChange={mayChange} />
    </>
  );
  const settings = <KnowledgeSettings base={base} mayPublish={isAtLeast(me.role, "manager")} />;
  return (
    <Page
      title={base.name}
      description={base.description || undefined}
      back={back}
      actions={me.role !== "guest" && <BaseActions base={base} me={me.id} />}
    >
      <Tabs
        label={base.name}
        selected={tab === "settings" && !mayChange ? "documents" : tab}
        onSelect={setTab}
        tabs={[
          { id: "documents", title: t("knowledge.documents"), content: documents },
          { id: "search", title: t("search.search"), content: <KnowledgeSearch base={id} /> },
          ...(mayChange ? [{ id: "settings", title: t("app.settings"), content: settings }] : []),
        ]}
      />
    </Page>
  );
}

/** From documents to answers: a chat at once, or an assistant of one's own making. */
function BaseActions({ base, me }: { base: KnowledgeBase; me: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { chat, isPending } = useChatWithBase(me);

  async function open() {
    try {
      await navigate(await chat(base));
    } catch (error) {
      toast(wordsOf(error, t("app.unreachable")));
    }
  }

  return (
    <>
      <ButtonLink look="plain" to={`/assistants/new?knowledge=${base.id}`}>
        <Bot aria-hidden="true" />
        {t("knowledge.createAssistant")}
      </ButtonLink>
      <Button look="primary" isPending={isPending} onPress={() => void open()}>
        <MessageSquare aria-hidden="true" />
        {t("knowledge.chat")}
      </Button>
    </>
  );
}

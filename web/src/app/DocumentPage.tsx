import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { save } from "../api/download";
import { wordsOf } from "../api/problem";
import { DocumentMenu } from "../features/knowledge/DocumentMenu";
import { DocumentStatus } from "../features/knowledge/DocumentStatus";
import { useGetDocumentQuery, useGetKnowledgeBaseQuery } from "../features/knowledge/knowledgeApi";
import { Passages } from "../features/knowledge/Passages";
import { useFormat } from "../hooks/useFormat";
import { readableName } from "../lib/fileName";
import { Button } from "../ui/Button";
import { Page } from "../ui/Page";
import { toast } from "../ui/Toast";
import { Pending } from "./Pending";
import { useMe } from "./useMe";

/** A document: what it says, passage by passage. A citation opens the one that it names. */
export function Component() {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const { base = "", id = "" } = useParams();
  const [parameters] = useSearchParams();
  const { data: knowledge } = useGetKnowledgeBaseQuery({ id: base });
  const query = useGetDocumentQuery({ id });
  const { data: document } = query;
  const back = { to: `/knowledge/${base}`, title: knowledge?.name ?? t("knowledge.toBase") };
  if (document === undefined) {
    return <Pending title={t("knowledge.document")} back={back} query={query} />;
  }
  const { size, pages, created_at } = document;
  const name = readableName(document.name);
  const facts = [
    format.size(size),
    ...(pages == null ? [] : [t("knowledge.pageCount", { count: pages })]),
    format.date(created_at),
  ];

  async function download() {
    await save(`/api/v1/documents/${id}/content`, name).catch((failed: unknown) =>
      toast(wordsOf(failed, t("app.unreachable"))),
    );
  }

  const actions = (
    <>
      <Button onPress={() => void download()}>
        <Download aria-hidden="true" />
        {t("knowledge.download")}
      </Button>
      {knowledge?.owner_id === me.id && <DocumentMenu document={document} mayChange isPage />}
    </>
  );
  return (
    <Page title={name} description={facts.join(" · ")} back={back} actions={actions}>
      <DocumentStatus document={document} />
      <Passages id={id} passage={parameters.get("passage") ?? undefined} />
    </Page>
  );
}

import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import { DocumentStatus } from "../features/knowledge/DocumentStatus";
import { useGetDocumentQuery } from "../features/knowledge/knowledgeApi";
import { Passages } from "../features/knowledge/Passages";
import { Failed } from "../ui/Failed";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "../ui/Page";

/** A document: what it says, passage by passage. A citation opens the one that it names. */
export function Component() {
  const { t } = useTranslation();
  const { base = "", id = "" } = useParams();
  const [parameters] = useSearchParams();
  const { data: document, isError, error, refetch } = useGetDocumentQuery({ id });
  if (document === undefined) {
    return (
      <Page title={t("knowledge.document")}>
        {isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />}
      </Page>
    );
  }
  return (
    <Page
      title={document.name}
      actions={
        <Link to={`/knowledge/${base}`} className="text-sm underline">
          {t("knowledge.toBase")}
        </Link>
      }
    >
      <DocumentStatus document={document} />
      <Passages id={id} passage={parameters.get("passage") ?? undefined} />
    </Page>
  );
}

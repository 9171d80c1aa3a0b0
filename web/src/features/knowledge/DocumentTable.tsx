import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { sizeOf } from "../../lib/size";
import { Cell, Row, Table } from "../../ui/Table";
import { DocumentActions } from "./DocumentActions";
import { DocumentStatus } from "./DocumentStatus";
import { useDocumentsInfiniteQuery } from "./knowledgeApi";

/** How often documents are looked at while one of them is on its way, in milliseconds. */
const LOOK = 1000;

/** The documents of a knowledge base, and how far they are. */
export function DocumentTable({ base, mayChange }: { base: string; mayChange: boolean }) {
  const { t, i18n } = useTranslation();
  const known = useDocumentsInfiniteQuery(base);
  const items = known.data?.pages.flatMap((page) => page.items) ?? [];
  const isMoving = items.some(({ status }) => status === "queued" || status === "processing");
  useDocumentsInfiniteQuery(base, { pollingInterval: isMoving ? LOOK : 0 });
  if (known.isLoading) {
    return <Skeleton />;
  }
  const columns = [t("knowledge.document"), t("knowledge.size"), t("knowledge.pages"), t("knowledge.status")];
  return (
    <>
      {known.isError && <Failed problem={problemOf(known.error)} onRetry={known.refetch} />}
      {known.isSuccess && items.length === 0 && <p className="text-sm text-text-2">{t("knowledge.empty")}</p>}
      {items.length > 0 && (
        <Table label={t("knowledge.documents")} columns={mayChange ? [...columns, t("knowledge.actions")] : columns}>
          {items.map((document) => (
            <Row key={document.id}>
              <Cell>
                <Link to={`/knowledge/${base}/documents/${document.id}`} className="break-all underline">
                  {document.name}
                </Link>
              </Cell>
              <Cell>{sizeOf(document.size, i18n.language)}</Cell>
              <Cell>{document.pages ?? "–"}</Cell>
              <Cell>
                <DocumentStatus document={document} />
              </Cell>
              {mayChange && (
                <Cell>
                  <DocumentActions document={document} />
                </Cell>
              )}
            </Row>
          ))}
        </Table>
      )}
      {known.hasNextPage && <Button onPress={() => void known.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { readableName } from "../../lib/fileName";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { Cell, Row, Table } from "../../ui/Table";
import { Tile } from "../../ui/Tile";
import { DocumentMenu } from "./DocumentMenu";
import { DocumentStatus } from "./DocumentStatus";
import { type Document, isMoving, useDocumentsInfiniteQuery } from "./knowledgeApi";

/** How often documents are looked at while one of them is on its way, in milliseconds. */
const LOOK = 1000;

/** The documents of a knowledge base, and how far they are. */
export function DocumentTable({ base, mayChange }: { base: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const known = useDocumentsInfiniteQuery(base);
  const moves = known.data?.pages.some(({ items }) => items.some(isMoving)) ?? false;
  useDocumentsInfiniteQuery(base, { pollingInterval: moves ? LOOK : 0 });
  const columns = [
    t("knowledge.document"),
    t("knowledge.status"),
    { title: t("knowledge.added"), align: "end" as const },
    { title: t("knowledge.actions"), isHidden: true as const },
  ];
  return (
    <PagedList
      query={known}
      problem={known.isError ? problemOf(known.error) : undefined}
      empty={<EmptyState icon={FileText} title={t("knowledge.empty")} />}
    >
      {(documents) => (
        <Table label={t("knowledge.documents")} columns={columns}>
          {documents.map((document) => (
            <DocumentRow key={document.id} document={document} mayChange={mayChange} />
          ))}
        </Table>
      )}
    </PagedList>
  );
}

function DocumentRow({ document, mayChange }: { document: Document; mayChange: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, name, size, pages, created_at, knowledge_base_id: base } = document;
  const facts = [format.size(size), ...(pages == null ? [] : [t("knowledge.pageCount", { count: pages })])].join(" · ");
  return (
    <Row>
      <Cell>
        <div className="flex min-w-40 items-center gap-3">
          <Tile icon={FileText} look="plain" />
          <div className="min-w-0">
            <Link
              to={`/knowledge/${base}/documents/${id}`}
              dir="auto"
              className="font-[560] wrap-anywhere hover:text-accent-text hover:underline"
            >
              {readableName(name)}
            </Link>
            <p className="text-small text-text-3">{facts}</p>
          </div>
        </div>
      </Cell>
      <Cell>
        <DocumentStatus document={document} />
      </Cell>
      <Cell align="end">
        <span className="whitespace-nowrap text-text-2">{format.date(created_at)}</span>
      </Cell>
      <Cell align="end">
        <DocumentMenu document={document} mayChange={mayChange} />
      </Cell>
    </Row>
  );
}

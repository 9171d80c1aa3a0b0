import { BookOpen, FileText, Globe, Lock, Tag, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { CardGrid } from "../../ui/CardGrid";
import { CardLink } from "../../ui/CardLink";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { SearchInput } from "../../ui/SearchInput";
import { type KnowledgeBase, useKnowledgeBasesInfiniteQuery } from "./knowledgeApi";

/** All knowledge bases that one may read. */
export function KnowledgeList({ whenEmpty }: { whenEmpty?: ReactNode }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useKnowledgeBasesInfiniteQuery(undefined);
  const fits = ({ name, description, tags }: KnowledgeBase) =>
    [name, description, ...tags].join("\n").toLowerCase().includes(text.trim().toLowerCase());
  return (
    <PagedList
      query={found}
      problem={found.isError ? problemOf(found.error) : undefined}
      empty={
        <EmptyState icon={BookOpen} title={t("knowledge.none")}>
          {whenEmpty}
        </EmptyState>
      }
    >
      {(bases) => {
        const fitting = bases.filter(fits);
        return (
          <>
            <SearchInput label={t("knowledge.searchBases")} value={text} onChange={setText} />
            {fitting.length === 0 && <EmptyState icon={BookOpen} title={t("knowledge.noneFound")} />}
            <CardGrid label={t("knowledge.knowledge")}>
              {fitting.map((base) => (
                <KnowledgeCard key={base.id} base={base} />
              ))}
            </CardGrid>
          </>
        );
      }}
    </PagedList>
  );
}

const ACCESS = {
  private: { icon: Lock, text: "assistant.private" },
  groups: { icon: Users, text: "knowledge.forGroups" },
  everyone: { icon: Globe, text: "assistant.everyone" },
} as const;

function KnowledgeCard({ base }: { base: KnowledgeBase }) {
  const { t } = useTranslation();
  const { icon, text } = ACCESS[base.visibility];
  return (
    <CardLink
      to={`/knowledge/${base.id}`}
      title={base.name}
      description={base.description}
      icon={BookOpen}
      meta={[
        { icon: FileText, text: t("knowledge.documentCount", { count: base.documents }) },
        { icon, text: t(text) },
        ...(base.tags.length > 0 ? [{ icon: Tag, text: base.tags.join(", ") }] : []),
      ]}
    />
  );
}

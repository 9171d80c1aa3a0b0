import { BookOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { ButtonLink } from "../../ui/ButtonLink";
import { CheckboxGroup } from "../../ui/CheckboxGroup";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { useListKnowledgeBasesQuery } from "./assistantApi";

interface Props {
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** What an assistant answers from. */
export function KnowledgeChoice({ chosen, onChange }: Props) {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useListKnowledgeBasesQuery({ limit: 200 });
  if (data === undefined) {
    return isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState icon={BookOpen} title={t("knowledge.none")}>
        <ButtonLink to="/knowledge/new">{t("knowledge.new")}</ButtonLink>
      </EmptyState>
    );
  }
  return (
    <CheckboxGroup label={t("assistant.answersFrom")} items={data.items} chosen={chosen} onChange={onChange}>
      <p className="text-small text-text-3">{t("assistant.answersFromHint")}</p>
    </CheckboxGroup>
  );
}

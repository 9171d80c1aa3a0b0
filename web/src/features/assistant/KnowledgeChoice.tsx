import { useTranslation } from "react-i18next";
import { CheckboxGroup } from "../../ui/CheckboxGroup";
import { useListKnowledgeBasesQuery } from "./assistantApi";

interface Props {
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** What an assistant answers from; nothing where there is no knowledge base. */
export function KnowledgeChoice({ chosen, onChange }: Props) {
  const { t } = useTranslation();
  const { data } = useListKnowledgeBasesQuery({ limit: 200 });
  if (data === undefined || data.items.length === 0) {
    return null;
  }
  return <CheckboxGroup label={t("knowledge.ofAssistant")} items={data.items} chosen={chosen} onChange={onChange} />;
}

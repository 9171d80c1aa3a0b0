import { useTranslation } from "react-i18next";
import { Check } from "../../ui/Check";
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
  return (
    <fieldset className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <legend className="px-1 text-sm font-medium">{t("knowledge.ofAssistant")}</legend>
      {data.items.map(({ id, name }) => (
        <Check
          key={id}
          label={name}
          isChecked={chosen.includes(id)}
          onChange={(isChosen) => onChange(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
      ))}
    </fieldset>
  );
}

import { useTranslation } from "react-i18next";
import { CheckboxGroup } from "../../ui/CheckboxGroup";
import { useFieldError } from "../../ui/fieldErrors";
import type { Group } from "./knowledgeApi";

interface Props {
  groups: Group[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** The groups whose members read a knowledge base. */
export function GroupChoice({ groups, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const error = useFieldError("group_ids");
  return (
    <CheckboxGroup label={t("group.groups")} items={groups} chosen={chosen} onChange={onChange}>
      {groups.length === 0 && <p className="text-ui text-text-2">{t("knowledge.noGroup")}</p>}
      {error !== undefined && (
        <p role="alert" className="text-ui text-bad">
          {error}
        </p>
      )}
    </CheckboxGroup>
  );
}

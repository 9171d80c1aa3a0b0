import { useTranslation } from "react-i18next";
import { Check } from "../../ui/Check";
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
    <fieldset className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <legend className="px-1 text-sm font-medium">{t("group.groups")}</legend>
      {groups.length === 0 && <p className="text-sm text-faint">{t("knowledge.noGroup")}</p>}
      {groups.map(({ id, name }) => (
        <Check
          key={id}
          label={name}
          isChecked={chosen.includes(id)}
          onChange={(isChosen) => onChange(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
      ))}
      {error !== undefined && (
        <p role="alert" className="text-sm text-red-700 dark:text-red-300">
          {error}
        </p>
      )}
    </fieldset>
  );
}

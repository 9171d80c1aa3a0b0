import { useTranslation } from "react-i18next";
import type { CreateGroup } from "../../api/generated";
import { useResourceForm } from "../../hooks/useResourceForm";
import { ResourceForm } from "../../ui/ResourceForm";
import { TextAreaField } from "../../ui/TextAreaField";
import { TextField } from "../../ui/TextField";
import type { Group } from "./groupApi";

interface Props {
  /** Undefined where it is created. */
  group?: Group;
  /** Rejects with the error of a query. */
  onSave: (values: CreateGroup) => Promise<Group>;
}

/** What a group is called, and what it is for. */
export function GroupForm({ group, onSave }: Props) {
  const { t } = useTranslation();
  const form = useResourceForm({
    resource: group,
    valuesOf: (from) => ({ name: from?.name ?? "", description: from?.description ?? "" }),
    save: (values): Promise<Group | undefined> => onSave(values),
  });
  return (
    <ResourceForm form={form} label={t("group.form")} action={group === undefined ? t("group.create") : undefined}>
      <TextField name="name" label={t("group.name")} isRequired value={form.values.name} onChange={form.set("name")} />
      <TextAreaField
        name="description"
        label={t("group.description")}
        rows={2}
        value={form.values.description}
        onChange={form.set("description")}
      />
    </ResourceForm>
  );
}

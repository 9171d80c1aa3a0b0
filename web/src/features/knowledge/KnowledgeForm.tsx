import { useTranslation } from "react-i18next";
import type { CreateKnowledgeBase } from "../../api/generated";
import { useResourceForm } from "../../hooks/useResourceForm";
import { ResourceForm } from "../../ui/ResourceForm";
import { Select } from "../../ui/Select";
import { TextAreaField } from "../../ui/TextAreaField";
import { TextField } from "../../ui/TextField";
import { GroupChoice } from "./GroupChoice";
import { type KnowledgeBase, useListGroupsQuery } from "./knowledgeApi";

interface Props {
  /** Undefined where it is created. */
  base?: KnowledgeBase;
  mayPublish: boolean;
  /** Rejects with the error of a query. */
  onSave: (body: CreateKnowledgeBase) => Promise<KnowledgeBase>;
}

function valuesOf(base: KnowledgeBase | undefined) {
  return {
    name: base?.name ?? "",
    description: base?.description ?? "",
    tags: base?.tags.join(", ") ?? "",
    visibility: base?.visibility ?? ("private" as const),
    groups: base?.group_ids ?? [],
  };
}

function bodyOf({ name, description, tags, visibility, groups }: ReturnType<typeof valuesOf>): CreateKnowledgeBase {
  return {
    name,
    description,
    tags: tags
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    visibility,
    ...(visibility === "groups" && { group_ids: groups }),
  };
}

/** Name, description, tags and access. */
export function KnowledgeForm({ base, mayPublish, onSave }: Props) {
  const { t } = useTranslation();
  const { data: groups } = useListGroupsQuery({ limit: 200 });
  const form = useResourceForm({
    resource: base,
    valuesOf,
    save: (values): Promise<KnowledgeBase | undefined> => onSave(bodyOf(values)),
  });
  const { values, set } = form;
  const everyone = mayPublish || base?.visibility === "everyone";
  return (
    <ResourceForm
      form={form}
      label={t("knowledge.form")}
      action={base === undefined ? t("knowledge.create") : undefined}
    >
      <TextField name="name" label={t("knowledge.name")} isRequired value={values.name} onChange={set("name")} />
      <TextAreaField
        name="description"
        label={t("knowledge.description")}
        rows={3}
        value={values.description}
        onChange={set("description")}
      />
      <TextField
        name="tags"
        label={t("knowledge.tags")}
        hint={t("knowledge.tagsHint")}
        value={values.tags}
        onChange={set("tags")}
      />
      <Select
        name="visibility"
        label={t("knowledge.visibility")}
        value={values.visibility}
        options={{
          private: t("assistant.private"),
          groups: t("knowledge.forGroups"),
          ...(everyone && { everyone: t("assistant.everyone") }),
        }}
        onChange={set("visibility")}
      />
      {values.visibility === "groups" && (
        <GroupChoice groups={groups?.items ?? []} chosen={values.groups} onChange={set("groups")} />
      )}
    </ResourceForm>
  );
}

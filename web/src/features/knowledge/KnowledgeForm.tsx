import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CreateKnowledgeBase } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { TextAreaField } from "../../ui/TextAreaField";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { GroupChoice } from "./GroupChoice";
import { type KnowledgeBase, useListGroupsQuery } from "./knowledgeApi";

interface Props {
  base?: KnowledgeBase;
  mayPublish: boolean;
  action: string;
  /** Rejects with the error of a query; what was typed is kept. */
  onSubmit: (given: CreateKnowledgeBase) => Promise<unknown>;
}

/** Name, description, tags and who reads it. What the server refuses stands at its field. */
export function KnowledgeForm({ base, mayPublish, action, onSubmit }: Props) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({
    name: base?.name ?? "",
    description: base?.description ?? "",
    tags: base?.tags.join(", ") ?? "",
    visibility: base?.visibility ?? "private",
  });
  const [chosen, setChosen] = useState(base?.group_ids ?? []);
  const { data: groups } = useListGroupsQuery({ limit: 200 });
  const everyone = mayPublish || base?.visibility === "everyone";
  const { submit, busy, problem } = useSubmit(onSubmit);
  const set = (name: keyof typeof given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));

  function save() {
    const tags = given.tags.split(",").map((tag) => tag.trim());
    return submit({
      name: given.name,
      description: given.description,
      tags: tags.filter((tag) => tag !== ""),
      visibility: given.visibility,
      ...(given.visibility === "groups" && { group_ids: chosen }),
    });
  }

  return (
    <Form label={t("knowledge.form")} errors={problem && fieldErrors(problem)} onSubmit={() => void save()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField name="name" label={t("knowledge.name")} isRequired value={given.name} onChange={set("name")} />
      <TextAreaField
        name="description"
        label={t("knowledge.description")}
        rows={3}
        value={given.description}
        onChange={set("description")}
      />
      <TextField
        name="tags"
        label={t("knowledge.tags")}
        hint={t("knowledge.tagsHint")}
        value={given.tags}
        onChange={set("tags")}
      />
      <Select
        label={t("knowledge.visibility")}
        value={given.visibility}
        options={{
          private: t("assistant.private"),
          groups: t("knowledge.forGroups"),
          ...(everyone && { everyone: t("assistant.everyone") }),
        }}
        onChange={set("visibility")}
      />
      {given.visibility === "groups" && (
        <GroupChoice groups={groups?.items ?? []} chosen={chosen} onChange={setChosen} />
      )}
      <Button type="submit" look="primary" className="self-start" isPending={busy}>
        {action}
      </Button>
    </Form>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CreateGroup } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { TextAreaField } from "../../ui/TextAreaField";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import type { Group } from "./groupApi";

interface Props {
  group?: Group;
  action: string;
  /** Rejects with the error of a query; what was typed is kept. */
  onSubmit: (given: CreateGroup) => Promise<unknown>;
}

/** What a group is called, and what it is for. */
export function GroupForm({ group, action, onSubmit }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const { submit, busy, problem } = useSubmit(onSubmit);
  return (
    <Form
      label={t("group.form")}
      errors={problem && fieldErrors(problem)}
      onSubmit={() => void submit({ name, description })}
    >
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField name="name" label={t("group.name")} isRequired value={name} onChange={setName} />
      <TextAreaField
        name="description"
        label={t("group.description")}
        rows={2}
        value={description}
        onChange={setDescription}
      />
      <Button type="submit" look="primary" className="self-start" isPending={busy}>
        {action}
      </Button>
    </Form>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CreateAssistant } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { TextAreaField } from "../../ui/TextAreaField";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { type Assistant, useListModelsQuery } from "./assistantApi";
import { KnowledgeChoice } from "./KnowledgeChoice";

interface Props {
  assistant?: Assistant;
  mayPublish: boolean;
  isReadOnly?: boolean;
  action: string;
  /** Rejects with the error of a query; what was typed is kept. */
  onSubmit: (given: CreateAssistant) => Promise<unknown>;
}

/** What is empty is left to the installation; what is no number goes as it is, so that the server says so. */
function number(text: string): number | null {
  const parsed = Number(text.replace(",", "."));
  if (text.trim() === "") {
    return null;
  }
  return Number.isNaN(parsed) ? (text as unknown as number) : parsed;
}

/** The configuration of an assistant. What the server refuses stands at its field. */
export function AssistantForm({ assistant, mayPublish, isReadOnly = false, action, onSubmit }: Props) {
  const { t } = useTranslation();
  const { data: models } = useListModelsQuery();
  const [knowledge, setKnowledge] = useState(assistant?.knowledge_base_ids ?? []);
  const [given, setGiven] = useState({
    name: assistant?.name ?? "",
    description: assistant?.description ?? "",
    instructions: assistant?.instructions ?? "",
    model: assistant?.model ?? "",
    temperature: assistant?.temperature?.toString() ?? "",
    max_output_tokens: assistant?.max_output_tokens?.toString() ?? "",
    visibility: assistant?.visibility === "everyone" ? "everyone" : "private",
  });
  const { submit, busy, problem } = useSubmit(onSubmit);
  const set = (name: keyof typeof given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));
  const known = models?.items.map(({ id }) => id) ?? [];
  // The model of an assistant may have gone; it is shown all the same.
  const standard = models?.items.find((model) => model.default)?.id;
  const unnamed =
    standard === undefined ? t("assistant.defaultModel") : t("assistant.defaultModelNow", { model: standard });
  const choices = [...new Set(["", ...known, given.model])].map((id) => [id, id || unnamed]);

  function save() {
    const { model, temperature, max_output_tokens, visibility, ...texts } = given;
    const numbers = { temperature: number(temperature), max_output_tokens: number(max_output_tokens) };
    return submit({
      ...texts,
      ...numbers,
      model: model || null,
      visibility: visibility as CreateAssistant["visibility"],
      knowledge_base_ids: knowledge,
    });
  }

  return (
    <Form label={t("assistant.form")} errors={problem && fieldErrors(problem)} onSubmit={() => void save()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <fieldset disabled={isReadOnly} className="contents">
        <TextField name="name" label={t("assistant.name")} isRequired value={given.name} onChange={set("name")} />
        <TextField
          name="description"
          label={t("assistant.description")}
          value={given.description}
          onChange={set("description")}
        />
        <TextAreaField
          name="instructions"
          label={t("assistant.instructions")}
          hint={t("assistant.instructionsHint")}
          rows={8}
          value={given.instructions}
          onChange={set("instructions")}
        />
        <Select
          label={t("assistant.model")}
          value={given.model}
          options={Object.fromEntries(choices) as Record<string, string>}
          onChange={set("model")}
        />
        <TextField
          name="temperature"
          label={t("assistant.temperature")}
          hint={t("assistant.temperatureHint")}
          inputMode="decimal"
          value={given.temperature}
          onChange={set("temperature")}
        />
        <TextField
          name="max_output_tokens"
          label={t("assistant.maxTokens")}
          inputMode="numeric"
          value={given.max_output_tokens}
          onChange={set("max_output_tokens")}
        />
        <Select
          label={t("assistant.visibility")}
          value={given.visibility}
          options={{ private: t("assistant.private"), everyone: t("assistant.everyone") }}
          isDisabled={!mayPublish}
          onChange={set("visibility")}
        />
        <KnowledgeChoice chosen={knowledge} onChange={setKnowledge} />
        {!isReadOnly && (
          <Button type="submit" look="primary" className="self-start" isPending={busy}>
            {action}
          </Button>
        )}
      </fieldset>
    </Form>
  );
}

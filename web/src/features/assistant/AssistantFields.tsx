import { useTranslation } from "react-i18next";
import { useModelName } from "../../hooks/useModelName";
import { Select } from "../../ui/Select";
import { TextAreaField } from "../../ui/TextAreaField";
import { TextField } from "../../ui/TextField";
import { useListModelsQuery } from "./assistantApi";
import type { AssistantFormState } from "./useAssistantForm";

interface Props {
  form: AssistantFormState;
  mayPublish: boolean;
}

/** Who the assistant is, and how it answers. */
export function AssistantFields({ form: { values, set }, mayPublish }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextField name="name" label={t("assistant.name")} isRequired value={values.name} onChange={set("name")} />
      <TextField
        name="description"
        label={t("assistant.description")}
        value={values.description}
        onChange={set("description")}
      />
      <TextAreaField
        name="instructions"
        label={t("assistant.instructions")}
        hint={t("assistant.instructionsHint")}
        rows={6}
        value={values.instructions}
        onChange={set("instructions")}
      />
      <ModelSelect value={values.model} onChange={set("model")} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          name="temperature"
          label={t("assistant.temperature")}
          hint={t("assistant.temperatureHint")}
          inputMode="decimal"
          value={values.temperature}
          onChange={set("temperature")}
        />
        <TextField
          name="max_output_tokens"
          label={t("assistant.maxTokens")}
          inputMode="numeric"
          value={values.max_output_tokens}
          onChange={set("max_output_tokens")}
        />
      </div>
      <Select
        name="visibility"
        label={t("assistant.visibility")}
        value={values.visibility}
        options={{ private: t("assistant.private"), everyone: t("assistant.everyone") }}
        isDisabled={!mayPublish}
        onChange={set("visibility")}
      />
    </>
  );
}

/** The models that there are; the first option says which one answers by default. */
function ModelSelect({ value, onChange }: { value: string; onChange: (model: string) => void }) {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const { data: models } = useListModelsQuery({});
  const standard = models?.items.find((model) => model.default)?.id;
  const unnamed =
    standard === undefined ? t("assistant.defaultModel") : t("assistant.defaultModelNow", { model: nameOf(standard) });
  // The model of an assistant may have gone; it is shown all the same.
  const ids = new Set(["", ...(models?.items.filter(({ chat }) => chat).map(({ id }) => id) ?? []), value]);
  return (
    <Select
      name="model"
      label={t("assistant.model")}
      value={value}
      options={Object.fromEntries([...ids].map((id) => [id, nameOf(id) || unnamed]))}
      onChange={onChange}
    />
  );
}

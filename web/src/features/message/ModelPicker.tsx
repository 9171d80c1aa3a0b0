import { useTranslation } from "react-i18next";
import { useListModelsQuery } from "./messageApi";

interface Props {
  /** Undefined means that of the assistant. */
  value: string | undefined;
  onChange: (model: string | undefined) => void;
}

/** Which model answers from now on. */
export function ModelPicker({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { data } = useListModelsQuery();
  const standard = data?.items.find((model) => model.default);
  return (
    <select
      aria-label={t("message.model")}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      className="min-h-9 min-w-0 rounded-lg bg-bg px-2 text-sm"
    >
      <option value="">
        {standard === undefined
          ? t("message.modelOfAssistant")
          : t("message.modelOfAssistantNow", { model: standard.id })}
      </option>
      {data?.items.map((model) => (
        <option key={model.id} value={model.id}>
          {model.id}
        </option>
      ))}
    </select>
  );
}

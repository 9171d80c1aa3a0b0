import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Select } from "../../ui/Select";
import { Failed } from "../../ui/Failed";
import { useGetSettingsQuery, useListModelsQuery, useUpdateSettingsMutation } from "./providerApi";

/** Which model answers where nobody has named one. The operator's configuration goes before what is chosen here. */
export function DefaultModel() {
  const { t } = useTranslation();
  const { data: settings } = useGetSettingsQuery();
  const { data: models } = useListModelsQuery();
  const [update, { error }] = useUpdateSettingsMutation();
  if (settings === undefined || models === undefined) {
    return null;
  }
  const { default_model: model, default_model_source: source } = settings;
  const isConfigured = source === "configuration";
  const isChosen = isConfigured || source === "administrator";
  const automatic = isChosen ? t("provider.automatic") : t("provider.automaticNow", { model });
  // A model that is configured need not be there.
  const ids = [...new Set([...models.items.map(({ id }) => id), ...(isChosen ? [model] : [])])];
  const options = Object.fromEntries([["", automatic], ...ids.map((id) => [id, id])]) as Record<string, string>;
  return (
    <div className="flex flex-col gap-1">
      <Select
        label={t("provider.defaultModel")}
        value={isChosen ? model : ""}
        options={options}
        isDisabled={isConfigured}
        onChange={(id) => void update({ updateSettings: { default_model: id === "" ? null : id } })}
      />
      {isConfigured && <p className="text-xs text-text-2">{t("provider.defaultConfigured")}</p>}
      {error !== undefined && <Failed problem={problemOf(error)} />}
    </div>
  );
}

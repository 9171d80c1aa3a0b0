import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useModelName } from "../../hooks/useModelName";
import { Failed } from "../../ui/Failed";
import { Select } from "../../ui/Select";
import { useGetSettingsQuery, useListModelsQuery, useUpdateSettingsMutation } from "./providerApi";

/** Which model answers where nobody has named one. The operator's configuration goes before what is chosen here. */
export function DefaultModel() {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const { data: settings } = useGetSettingsQuery();
  const { data: models } = useListModelsQuery({});
  const [update, { error }] = useUpdateSettingsMutation();
  if (settings === undefined || models === undefined) {
    return null;
  }
  const { default_model: model, default_model_source: source } = settings;
  const isConfigured = source === "configuration";
  const isChosen = isConfigured || source === "administrator";
  const automatic = isChosen ? t("provider.automatic") : t("provider.automaticNow", { model: nameOf(model) });
  const answering = models.items.filter(({ chat }) => chat).map(({ id }) => id);
  // A model that is configured need not be there.
  const ids = [...new Set([...answering, ...(isChosen ? [model] : [])])];
  const options = Object.fromEntries([["", automatic], ...ids.map((id) => [id, nameOf(id)])]) as Record<string, string>;
  return (
    <div className="flex max-w-form flex-col gap-2">
      <Select
        label={t("provider.defaultModel")}
        hint={t(isConfigured ? "provider.defaultConfigured" : "provider.defaultHint")}
        value={isChosen ? model : ""}
        options={options}
        isDisabled={isConfigured}
        onChange={(id) => void update({ updateSettings: { default_model: id === "" ? null : id } })}
      />
      {error !== undefined && <Failed problem={problemOf(error)} />}
    </div>
  );
}

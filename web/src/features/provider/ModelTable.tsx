import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { Table } from "../../ui/Table";
import { ModelRow } from "./ModelRow";
import {
  useGetSettingsQuery,
  useListModelsQuery,
  useListProvidersQuery,
  useUpdateProviderMutation,
  useUpdateSettingsMutation,
} from "./providerApi";

type State = "" | "on" | "off";

/** So many rows are shown at first, and so many more at request. */
const PAGE = 100;

/** The models of all providers, and which of them people can choose. */
export function ModelTable() {
  const { t } = useTranslation();
  const { data: models } = useListModelsQuery({ includeDisabled: true });
  const { data: providers } = useListProvidersQuery();
  const { data: settings } = useGetSettingsQuery();
  const [update, change] = useUpdateProviderMutation();
  const [choose, choice] = useUpdateSettingsMutation();
  const [text, setText] = useState("");
  const [provider, setProvider] = useState("");
  const [state, setState] = useState<State>("");
  const [length, setLength] = useState(PAGE);
  const all = models?.items.filter(({ built_in }) => !built_in) ?? [];
  if (all.length === 0 || providers === undefined) {
    return null;
  }
  const found = all.filter(
    (model) =>
      model.id.toLowerCase().includes(text.trim().toLowerCase()) &&
      (provider === "" || model.provider === provider) &&
      (state === "" || model.enabled === (state === "on")),
  );
  const names = Object.fromEntries([
    ["", t("provider.allProviders")],
    ...providers.items.map(({ name }) => [name, name]),
  ]) as Record<string, string>;
  const failed = change.error ?? choice.error;

  function enable(name: string, from: string, isEnabled: boolean) {
    const owner = providers?.items.find((one) => one.name === from);
    if (owner !== undefined) {
      const others = owner.disabled_models.filter((one) => one !== name);
      void update({ id: owner.id, updateProvider: { disabled_models: isEnabled ? others : [...others, name] } });
    }
  }

  return (
    <section aria-label={t("provider.models")} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput label={t("provider.filterModels", { count: all.length })} value={text} onChange={setText} />
        <Select label={t("provider.provider")} isLabelHidden value={provider} options={names} onChange={setProvider} />
        <Select
          label={t("provider.availability")}
          isLabelHidden
          value={state}
          options={{ "": t("provider.allModels"), on: t("provider.enabled"), off: t("provider.disabled") }}
          onChange={setState}
        />
        <span role="status" className="ms-auto text-small text-text-2">
          {t("provider.enabledCount", { count: all.filter(({ enabled }) => enabled).length })}
        </span>
      </div>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <Table
        label={t("provider.models")}
        columns={[
          t("provider.model"),
          t("provider.provider"),
          { title: t("provider.context"), align: "end" },
          t("provider.abilities"),
          t("provider.on"),
          { title: t("provider.actions"), isHidden: true },
        ]}
      >
        {found.slice(0, length).map((model) => (
          <ModelRow
            key={model.id}
            model={model}
            mayBeDefault={settings?.default_model_source !== "configuration"}
            onEnable={(isEnabled) => enable(model.name, model.provider, isEnabled)}
            onDefault={() => void choose({ updateSettings: { default_model: model.id } })}
          />
        ))}
      </Table>
      {found.length === 0 && <p className="text-center text-text-2">{t("provider.noModelMatches")}</p>}
      {found.length > length && (
        <Button className="self-center" onPress={() => setLength(length + PAGE)}>
          {t("app.more")}
        </Button>
      )}
    </section>
  );
}

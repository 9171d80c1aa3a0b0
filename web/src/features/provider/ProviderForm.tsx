import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { KeyField } from "./KeyField";
import { CUSTOM, PRESETS } from "./presets";
import { PresetTiles } from "./PresetTiles";
import { PrivateAddressHelp } from "./PrivateAddressHelp";
import { type Provider, useCreateProviderMutation, useUpdateProviderMutation } from "./providerApi";

const EMPTY = { name: "", kind: "openai_compatible" as const, base_url: "" };

interface Props {
  /** Called once a provider was added, healthy or not. */
  onAdded: (provider: Provider) => void;
}

/** Connects a provider: one of those that many use, or any other by its address. */
export function ProviderForm({ onAdded }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("openai");
  const [given, setGiven] = useState<Pick<Provider, keyof typeof EMPTY>>(PRESETS[0] ?? EMPTY);
  const [key, setKey] = useState("");
  const [added, setAdded] = useState<Provider>();
  const [create, creating] = useCreateProviderMutation();
  const [update, updating] = useUpdateProviderMutation();
  const error = creating.error ?? updating.error;
  const isLoading = creating.isLoading || updating.isLoading;
  const problem = error === undefined ? undefined : problemOf(error);
  const preset = PRESETS.find(({ id }) => id === chosen);
  const set = (name: "name" | "base_url") => (value: string) => setGiven((before) => ({ ...before, [name]: value }));

  function choose(id: string) {
    setChosen(id);
    setGiven(PRESETS.find((one) => one.id === id) ?? EMPTY);
    // It belongs to the other provider, and must not be sent to this one.
    setKey("");
    creating.reset();
    updating.reset();
  }

  async function submit() {
    const { name, kind, base_url } = given;
    const api_key = key || null;
    // One that was added and does not respond is corrected, not added again.
    const isAgain = added?.name === name && added.kind === kind;
    const { data } = isAgain
      ? await update({ id: added.id, updateProvider: { base_url, api_key } })
      : await create({ createProvider: { name, kind, base_url, api_key } });
    if (data !== undefined) {
      setAdded(data);
      onAdded(data);
    }
  }

  return (
    <Form label={t("provider.new")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      <PresetTiles chosen={chosen} onChoose={choose} />
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      {chosen === CUSTOM && (
        <Select
          label={t("provider.kind")}
          value={given.kind}
          options={{ openai_compatible: t("provider.openai"), anthropic: "Anthropic", gemini: "Google Gemini" }}
          onChange={(kind) => setGiven((before) => ({ ...before, kind }))}
        />
      )}
      <KeyField
        label={t("provider.key")}
        hint={t(preset !== undefined && preset.keys === undefined ? "provider.keyOptional" : "provider.keyHint")}
        keys={preset?.keys}
        value={key}
        onChange={setKey}
      />
      <TextField
        name="base_url"
        label={t("provider.baseUrl")}
        hint={chosen === CUSTOM ? t("provider.baseUrlHint") : undefined}
        isRequired
        value={given.base_url}
        onChange={set("base_url")}
      />
      {problem?.errors.some(({ code }) => code === "egress_blocked") && <PrivateAddressHelp address={given.base_url} />}
      <TextField
        name="name"
        label={t("provider.name")}
        hint={t("provider.nameHint")}
        isRequired
        value={given.name}
        // As it is stored: a space or a capital is not worth an error.
        onChange={(name) => set("name")(name.toLowerCase().replace(/[\s_]+/g, "-"))}
      />
      <Button type="submit" look="primary" className="self-start" isPending={isLoading}>
        {t(isLoading ? "provider.connecting" : "provider.connect")}
      </Button>
    </Form>
  );
}

import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, type Problem } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { KeyField } from "./KeyField";
import { CUSTOM, PRESETS } from "./presets";
import { PresetTiles } from "./PresetTiles";
import { PrivateAddressHelp } from "./PrivateAddressHelp";
import type { Provider } from "./providerApi";
import { type Connection, useConnect } from "./useConnect";

const EMPTY: Connection = { name: "", kind: "openai_compatible", base_url: "" };

interface Props {
  /** Called once a provider was added, healthy or not. */
  onAdded: (provider: Provider) => void;
  /** What stands beside the button. */
  children?: ReactNode;
}

/** Connects a provider: one of those that many use, or any other by its address. */
export function ProviderForm({ onAdded, children }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("openai");
  const [given, setGiven] = useState<Connection>(PRESETS[0] ?? EMPTY);
  const [key, setKey] = useState("");
  const { connect, reset, problem, isPending } = useConnect(onAdded);
  const errors = useErrors(problem);
  const preset = PRESETS.find(({ id }) => id === chosen);
  const set = (values: Partial<Connection>) => setGiven((before) => ({ ...before, ...values }));

  function choose(id: string) {
    setChosen(id);
    setGiven(PRESETS.find((one) => one.id === id) ?? EMPTY);
    // It belongs to the other provider, and must not be sent to this one.
    setKey("");
    reset();
  }

  return (
    <Form label={t("provider.new")} errors={errors} onSubmit={() => void connect(given, key)}>
      <PresetTiles chosen={chosen} onChoose={choose} />
      {problem !== undefined && Object.keys(errors).length === 0 && <Failed problem={problem} />}
      {chosen === CUSTOM && (
        <Select
          label={t("provider.kind")}
          value={given.kind}
          options={{ openai_compatible: t("provider.openai"), anthropic: "Anthropic", gemini: "Google Gemini" }}
          onChange={(kind) => set({ kind })}
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
        onChange={(base_url) => set({ base_url })}
      />
      {problem?.errors.some(({ code }) => code === "egress_blocked") && <PrivateAddressHelp address={given.base_url} />}
      <TextField
        name="name"
        label={t("provider.name")}
        hint={t("provider.nameHint")}
        isRequired
        maxLength={40}
        value={given.name}
        // As it is stored: a space or a capital is not worth an error.
        onChange={(name) => set({ name: name.toLowerCase().replace(/[\s_./]+/g, "-") })}
      />
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" isPending={isPending}>
          {t(isPending ? "provider.connecting" : "provider.connect")}
        </Button>
        {children}
      </div>
    </Form>
  );
}

/** What is wrong with each field. For a name, the general texts say neither what is allowed nor what has it already. */
function useErrors(problem: Problem | undefined): Record<string, string> {
  const { t } = useTranslation();
  if (problem?.code === "taken") {
    return { name: t("provider.nameTaken") };
  }
  const errors = problem === undefined ? {} : fieldErrors(problem);
  return "name" in errors ? { ...errors, name: t("provider.nameRule") } : errors;
}

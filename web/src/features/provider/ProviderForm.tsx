import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { type Provider, useCreateProviderMutation } from "./providerApi";

/** Each kind with the name and the address that it has unless somebody says otherwise. */
const KINDS = {
  openai_compatible: { name: "openai", base_url: "https://api.openai.com/v1" },
  anthropic: { name: "anthropic", base_url: "https://api.anthropic.com/v1" },
  gemini: { name: "gemini", base_url: "https://generativelanguage.googleapis.com/v1beta" },
};

type Kind = keyof typeof KINDS;

interface Props {
  /** Called once a provider was added, healthy or not. */
  onAdded: (provider: Provider) => void;
}

/** Connects a provider by its address and key. */
export function ProviderForm({ onAdded }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("openai_compatible");
  const [given, setGiven] = useState({ ...KINDS.openai_compatible, api_key: "" });
  const [create, { error, isLoading }] = useCreateProviderMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const set = (name: keyof typeof given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));

  /** What nobody has changed yet follows the kind. */
  function change(next: Kind) {
    const [before, after] = [KINDS[kind], KINDS[next]];
    setKind(next);
    setGiven((now) => ({
      ...now,
      name: now.name === before.name ? after.name : now.name,
      base_url: now.base_url === before.base_url ? after.base_url : now.base_url,
    }));
  }

  async function submit() {
    const { name, base_url, api_key } = given;
    const createProvider = { name, base_url, api_key: api_key || null, kind };
    const { data } = await create({ createProvider });
    if (data !== undefined) {
      onAdded(data);
    }
  }

  return (
    <Form label={t("provider.new")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <Select
        label={t("provider.kind")}
        value={kind}
        options={{ openai_compatible: t("provider.openai"), anthropic: "Anthropic", gemini: "Google Gemini" }}
        onChange={(value) => change(value)}
      />
      <TextField
        name="name"
        label={t("provider.name")}
        hint={t("provider.nameHint")}
        isRequired
        value={given.name}
        onChange={set("name")}
      />
      <TextField
        name="base_url"
        label={t("provider.baseUrl")}
        hint={t("provider.baseUrlHint")}
        isRequired
        value={given.base_url}
        onChange={set("base_url")}
      />
      <TextField
        name="api_key"
        type="password"
        label={t("provider.key")}
        hint={t("provider.keyHint")}
        autoComplete="off"
        value={given.api_key}
        onChange={set("api_key")}
      />
      <Button type="submit" look="primary" className="self-start" isPending={isLoading}>
        {t(isLoading ? "provider.connecting" : "provider.connect")}
      </Button>
    </Form>
  );
}

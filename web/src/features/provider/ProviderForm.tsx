import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { type Provider, useCreateProviderMutation } from "./providerApi";

interface Props {
  /** Called once a provider was added, healthy or not. */
  onAdded: (provider: Provider) => void;
}

/** Connects a provider by its address and key. */
export function ProviderForm({ onAdded }: Props) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ name: "openai", base_url: "https://api.openai.com/v1", api_key: "" });
  const [create, { error, isLoading }] = useCreateProviderMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const set = (name: keyof typeof given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));

  async function submit() {
    const { name, base_url, api_key } = given;
    const createProvider = { name, base_url, api_key: api_key || null, kind: "openai_compatible" as const };
    const { data } = await create({ createProvider });
    if (data !== undefined) {
      onAdded(data);
    }
  }

  return (
    <Form label={t("provider.new")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <Field
        name="name"
        label={t("provider.name")}
        hint={t("provider.nameHint")}
        isRequired
        value={given.name}
        onChange={set("name")}
      />
      <Field
        name="base_url"
        label={t("provider.baseUrl")}
        hint={t("provider.baseUrlHint")}
        isRequired
        value={given.base_url}
        onChange={set("base_url")}
      />
      <Field
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

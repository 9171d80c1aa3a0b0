import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { TextAreaField } from "../../ui/TextAreaField";
import { TextField } from "../../ui/TextField";
import { toast } from "../../ui/Toast";
import { KeyField } from "./KeyField";
import { PRESETS } from "./presets";
import { PrivateAddressHelp } from "./PrivateAddressHelp";
import { type Provider, useUpdateProviderMutation } from "./providerApi";

/** Names on lines of their own. */
function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Changes where a provider is, its key, and the models that it does not list itself. */
export function EditProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { t } = useTranslation();
  const { id, name, has_api_key: hasKey } = provider;
  const [address, setAddress] = useState(provider.base_url);
  const [key, setKey] = useState("");
  const [removesKey, setRemovesKey] = useState(false);
  const [models, setModels] = useState(provider.models.join("\n"));
  const [update, { error, isLoading }] = useUpdateProviderMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const isMoved = address !== provider.base_url;

  async function submit() {
    const { data } = await update({
      id,
      updateProvider: {
        base_url: isMoved ? address : undefined,
        // The stored key is not sent to a new address: it must be entered again.
        api_key: key || (isMoved || removesKey ? null : undefined),
        models: models === provider.models.join("\n") ? undefined : linesOf(models),
      },
    });
    if (data !== undefined) {
      toast(t("provider.saved", { name }));
      onClose();
    }
  }

  return (
    <Dialog title={t("provider.editTitle", { name })} isOpen onClose={onClose}>
      <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
        {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
        <TextField
          name="base_url"
          label={t("provider.baseUrl")}
          hint={t("provider.baseUrlHint")}
          isRequired
          value={address}
          onChange={setAddress}
        />
        {problem?.errors.some(({ code }) => code === "egress_blocked") && <PrivateAddressHelp address={address} />}
        <KeyField
          label={t("provider.newKey")}
          hint={t(isMoved ? "provider.keyMoved" : hasKey ? "provider.keyKept" : "provider.keyHint")}
          keys={PRESETS.find(({ base_url }) => base_url === address)?.keys}
          value={key}
          onChange={setKey}
        />
        {hasKey && !isMoved && key === "" && (
          <Checkbox label={t("provider.removeKey")} isSelected={removesKey} onChange={setRemovesKey} />
        )}
        <TextAreaField
          name="models"
          label={t("provider.moreModels")}
          hint={t("provider.moreModelsHint")}
          rows={2}
          value={models}
          onChange={setModels}
        />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" look="primary" isPending={isLoading}>
            {t("provider.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

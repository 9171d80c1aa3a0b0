import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Provider } from "../api/generated";
import { Connected } from "../features/provider/Connected";
import { LocalServers } from "../features/provider/LocalServers";
import { ProviderForm } from "../features/provider/ProviderForm";
import { ProviderHealth } from "../features/provider/ProviderHealth";
import { Alert } from "../ui/Alert";
import { FormPage } from "../ui/FormPage";
import { Toasts } from "../ui/Toast";

/** After the first administrator: connect a model and choose which one answers, or go on without. */
export function Component() {
  const { t } = useTranslation();
  const [added, setAdded] = useState<Provider>();
  if (added?.health === "ok") {
    return (
      <FormPage title={t("provider.connected", { name: added.name })}>
        <Connected provider={added} />
      </FormPage>
    );
  }
  return (
    <FormPage title={t("provider.connectTitle")} description={t("provider.connectHint")} isWide>
      <LocalServers onAdded={setAdded} />
      {added !== undefined && (
        <Alert>
          {t("provider.addedUnhealthy", { name: added.name })} <ProviderHealth provider={added} />{" "}
          <Link to="/admin/models" className="text-accent-text hover:underline">
            {t("provider.manage")}
          </Link>
        </Alert>
      )}
      <ProviderForm onAdded={setAdded}>
        <Link to="/" replace className="text-text-2 hover:text-text hover:underline">
          {t("provider.without")}
        </Link>
      </ProviderForm>
      <Toasts />
    </FormPage>
  );
}

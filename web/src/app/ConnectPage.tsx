import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Provider } from "../api/generated";
import { LocalServers } from "../features/provider/LocalServers";
import { ProviderForm } from "../features/provider/ProviderForm";
import { ProviderHealth } from "../features/provider/ProviderHealth";
import { Alert } from "../ui/Alert";
import { FormPage } from "../ui/FormPage";

/** After the first administrator: connect a model, or try without one. */
export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [added, setAdded] = useState<Provider>();

  function onAdded(provider: Provider) {
    setAdded(provider);
    if (provider.health === "ok") {
      void navigate("/", { replace: true });
    }
  }

  return (
    <FormPage title={t("provider.connectTitle")}>
      <p className="text-sm text-text-2">{t("provider.connectHint")}</p>
      <Link
        to="/"
        replace
        className="rounded-lg border border-line px-3 py-2 text-center text-sm font-medium hover:bg-hover"
      >
        {t("provider.without")}
      </Link>
      <LocalServers onAdded={onAdded} />
      {added !== undefined && added.health !== "ok" && (
        <Alert>
          {t("provider.addedUnhealthy", { name: added.name })} <ProviderHealth provider={added} />
        </Alert>
      )}
      <ProviderForm onAdded={onAdded} />
    </FormPage>
  );
}

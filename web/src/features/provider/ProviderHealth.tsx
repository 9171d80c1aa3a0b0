import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/Badge";
import { Status } from "../../ui/Status";
import type { Provider } from "./providerApi";

const FAULTS = {
  no_connection: "provider.noConnection",
  unauthorized: "provider.unauthorized",
  not_understood: "provider.notUnderstood",
  timeout: "provider.timeout",
  name_not_found: "provider.nameNotFound",
  private_address: "provider.privateAddress",
} as const;

/** Whether a provider answered when it was last asked, else why not. */
export function ProviderHealth({ provider: { health, fault } }: { provider: Provider }) {
  const { t } = useTranslation();
  if (health === "ok") {
    return <Status look="good">{t("provider.ok")}</Status>;
  }
  if (health === "unknown") {
    return <Badge>{t("provider.unknown")}</Badge>;
  }
  const text = FAULTS[(fault ?? "no_connection") as keyof typeof FAULTS];
  return <Status look="bad">{t(text)}</Status>;
}

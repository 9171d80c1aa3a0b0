import { useTranslation } from "react-i18next";
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

/** The text for the state of a provider: whether it answered when it was last asked, else why not. */
export function healthText({ health, fault }: Provider) {
  if (health === "ok") {
    return "provider.ok";
  }
  return health === "unknown" ? "provider.unknown" : FAULTS[(fault ?? "no_connection") as keyof typeof FAULTS];
}

const looks = { ok: "good", unknown: "plain", unreachable: "bad" } as const;

/** Whether a provider answers. */
export function ProviderHealth({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  return <Status look={looks[provider.health]}>{t(healthText(provider))}</Status>;
}

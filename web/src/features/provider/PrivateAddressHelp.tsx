import { useTranslation } from "react-i18next";
import { CopyLine } from "../../ui/CopyLine";

/** The host and the port of an address, as the setting that allows it wants them. */
function authority(address: string): string | undefined {
  try {
    const { hostname, port, protocol } = new URL(address.trim());
    return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
  } catch {
    return undefined;
  }
}

/** How an address in a private network is allowed: by the operator, never by the page. */
export function PrivateAddressHelp({ address }: { address: string }) {
  const { t } = useTranslation();
  const allowed = authority(address);
  return (
    allowed !== undefined && (
      <div className="flex flex-col gap-2 rounded-frame border border-line bg-warn-soft p-3">
        <p>{t("provider.allowHint")}</p>
        <CopyLine label={t("provider.allowSetting")} text={`CONVOSPHERE_EGRESS__ALLOW=${allowed}`} />
      </div>
    )
  );
}

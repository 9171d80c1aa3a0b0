import { Activity, Ellipsis, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { Cell, NoteRow, Row } from "../../ui/Table";
import { Tile } from "../../ui/Tile";
import { toast } from "../../ui/Toast";
import { EditProvider } from "./EditProvider";
import { PRESETS } from "./presets";
import {
  type Provider,
  useDeleteProviderMutation,
  useRefreshProviderMutation,
  useTestProviderMutation,
} from "./providerApi";
import { healthText, ProviderHealth } from "./ProviderHealth";

interface Props {
  provider: Provider;
  /** How many models it has, once that is known. */
  models: number | undefined;
}

/** One provider: where it is, whether it answers, and what can be done about it. */
export function ProviderRow({ provider, models }: Props) {
  const { t } = useTranslation();
  const [test, check] = useTestProviderMutation();
  const [refresh, reading] = useRefreshProviderMutation();
  const [remove, removal] = useDeleteProviderMutation();
  const [open, setOpen] = useState<"edit" | "remove">();
  const { id, name, base_url: address, has_api_key: hasKey } = provider;
  const failed = check.error ?? reading.error ?? removal.error;
  const close = () => setOpen(undefined);

  /** Asks the provider, and says how it answered. */
  async function ask(how: typeof test | typeof refresh) {
    const { data } = await how({ id });
    if (data !== undefined) {
      toast(`${name}: ${t(healthText(data))}`);
    }
  }

  const label = t("provider.actionsOf", { name });
  return (
    <>
      <Row>
        <Cell>
          <span className="flex min-w-44 items-center gap-3">
            <Tile look="plain" name={PRESETS.find(({ base_url }) => base_url === address)?.title ?? name} />
            <span className="flex min-w-0 flex-col">
              <span dir="auto" className="font-[560]">
                {name}
              </span>
              <span dir="ltr" className="text-start text-small break-all text-text-3">
                {address.replace(/^https?:\/\//, "")}
              </span>
            </span>
          </span>
        </Cell>
        <Cell>
          <span role="status">
            <ProviderHealth provider={provider} />
          </span>
        </Cell>
        <Cell align="end">{models}</Cell>
        <Cell>
          <span className={`whitespace-nowrap ${hasKey ? "" : "text-text-3"}`}>
            {t(hasKey ? "provider.keySet" : "provider.keyless")}
          </span>
        </Cell>
        <Cell align="end" isPinned>
          <Menu
            label={label}
            groups={[
              [
                { id: "test", label: t("provider.test"), icon: Activity, onAction: () => void ask(test) },
                { id: "refresh", label: t("provider.refresh"), icon: RefreshCw, onAction: () => void ask(refresh) },
                { id: "edit", label: t("provider.edit"), icon: Pencil, onAction: () => setOpen("edit") },
              ],
              [
                {
                  id: "remove",
                  label: t("provider.remove"),
                  icon: Trash2,
                  isDanger: true,
                  onAction: () => setOpen("remove"),
                },
              ],
            ]}
          >
            <IconButton label={label} icon={Ellipsis} />
          </Menu>
          {open === "edit" && <EditProvider provider={provider} onClose={close} />}
          <Confirm
            title={t("provider.removeTitle", { name })}
            action={t("provider.remove")}
            isOpen={open === "remove"}
            onClose={close}
            onConfirm={() => void remove({ id })}
          >
            <p>{t("provider.removeHint")}</p>
          </Confirm>
        </Cell>
      </Row>
      {failed !== undefined && (
        <NoteRow>
          <Failed problem={problemOf(failed)} />
        </NoteRow>
      )}
    </>
  );
}

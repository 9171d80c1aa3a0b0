import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DefaultModel } from "../../features/provider/DefaultModel";
import { LocalServers } from "../../features/provider/LocalServers";
import { ModelTable } from "../../features/provider/ModelTable";
import { ProviderForm } from "../../features/provider/ProviderForm";
import { ProviderList } from "../../features/provider/ProviderList";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Page } from "../../ui/Page";

export function Component() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const add = (
    <Button look="primary" onPress={() => setIsOpen(true)}>
      <Plus aria-hidden="true" />
      {t("provider.new")}
    </Button>
  );
  return (
    <Page title={t("provider.models")} description={t("provider.description")} actions={add}>
      <LocalServers onAdded={close} />
      <ProviderList />
      <DefaultModel />
      <ModelTable />
      <Dialog title={t("provider.new")} isOpen={isOpen} isWide onClose={close}>
        <ProviderForm onAdded={close} />
      </Dialog>
    </Page>
  );
}

import { useTranslation } from "react-i18next";
import { EventLog } from "../../features/log/EventLog";
import { useVerification } from "../../features/log/useVerification";
import { Page } from "../../ui/Page";

export function Component() {
  const { t } = useTranslation();
  const { button, result } = useVerification();
  return (
    <Page title={t("log.log")} description={t("log.description")} actions={button}>
      {result}
      <EventLog />
    </Page>
  );
}

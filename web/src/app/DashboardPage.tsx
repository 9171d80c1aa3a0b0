import { useTranslation } from "react-i18next";
import { Overview } from "../features/analytics/Overview";
import { UsageOverview } from "../features/analytics/UsageOverview";
import { Page } from "../ui/Page";

export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("dashboard.dashboard")}>
      <Overview />
      <UsageOverview />
    </Page>
  );
}

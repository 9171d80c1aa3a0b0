import { useTranslation } from "react-i18next";
import { Overview } from "../../features/analytics/Overview";
import { ServerLoad } from "../../features/analytics/ServerLoad";
import { UsageOverview } from "../../features/analytics/UsageOverview";
import { FirstSteps } from "../../features/onboarding/FirstSteps";
import { useNotes } from "../../features/onboarding/useNotes";
import { Page } from "../../ui/Page";

export function Component() {
  const { t } = useTranslation();
  const notes = useNotes();
  return (
    <Page title={t("dashboard.dashboard")} description={t("dashboard.description")}>
      <FirstSteps notes={notes} />
      <Overview />
      <UsageOverview />
      <ServerLoad />
    </Page>
  );
}

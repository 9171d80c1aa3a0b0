import { useTranslation } from "react-i18next";
import { Overview } from "../features/analytics/Overview";
import { UsageOverview } from "../features/analytics/UsageOverview";
import { Room } from "../ui/Room";

export function Component() {
  const { t } = useTranslation();
  return (
    <Room title={t("dashboard.dashboard")}>
      <Overview />
      <UsageOverview />
    </Room>
  );
}

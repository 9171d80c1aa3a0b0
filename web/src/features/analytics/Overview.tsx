import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Stats } from "../../ui/Stats";
import { useOverview } from "./analyticsApi";

/** What there is and what happens now, live. While the server is away, the last numbers stay. */
export function Overview() {
  const { t } = useTranslation();
  const { data, error, refetch } = useOverview();
  if (data === undefined) {
    return error === undefined || isTransient(error) ? (
      <Skeleton lines={4} />
    ) : (
      <Failed problem={problemOf(error)} onRetry={refetch} />
    );
  }
  return (
    <Stats
      label={t("dashboard.use")}
      numbers={[
        [t("dashboard.users"), data.users],
        [t("dashboard.active"), data.active_users, t("dashboard.activeHint")],
        [t("dashboard.conversations"), data.conversations],
        [t("dashboard.messages"), data.messages],
        [t("dashboard.running"), data.running_responses],
      ]}
    />
  );
}

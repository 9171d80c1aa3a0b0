import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Stats } from "../../ui/Stats";
import { useGetOverviewQuery } from "./analyticsApi";
import { duration, mebibytes, milliseconds } from "./units";

/** How often the numbers are read while somebody looks, in milliseconds. */
const LOOK = 1_000;

/** What there is and what happens now: real numbers, live. */
export function Overview() {
  const { t, i18n } = useTranslation();
  const { data, isLoading, error, refetch } = useGetOverviewQuery(undefined, {
    pollingInterval: LOOK,
    skipPollingIfUnfocused: true,
  });
  if (isLoading) {
    return <Skeleton />;
  }
  const { machine, response_time: time } = data ?? {};
  const size = (bytes: number) => mebibytes(bytes, i18n.language);
  return (
    <>
      {error !== undefined && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {data !== undefined && (
        <>
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
          <Stats
            label={t("dashboard.server")}
            numbers={[
              [t("dashboard.cpu"), machine == null ? "–" : `${machine.cpu_percent.toFixed(0)} %`],
              [
                t("dashboard.memory"),
                machine == null ? "–" : size(machine.memory_bytes),
                machine == null
                  ? undefined
                  : t("dashboard.memoryHint", {
                      own: size(machine.process_memory_bytes),
                      all: size(machine.memory_total_bytes),
                    }),
              ],
              [
                t("dashboard.responseTime"),
                milliseconds(time?.median_ms, i18n.language),
                t("dashboard.responseTimeHint", { p95: milliseconds(time?.p95_ms, i18n.language) }),
              ],
              [t("dashboard.uptime"), duration(data.uptime_seconds)],
            ]}
          />
        </>
      )}
    </>
  );
}

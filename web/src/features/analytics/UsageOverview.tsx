import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { useGetUsageQuery } from "./analyticsApi";
import { UsageBreakdown } from "./UsageBreakdown";
import { UsageCharts } from "./UsageCharts";
import { UsageTotals } from "./UsageTotals";
import { firstDay, periodBefore } from "./units";

const PERIODS = [7, 30, 90];

/** How often the numbers are read while somebody looks, in milliseconds. */
const LOOK = 10_000;

/** What was used over a number of days that one chooses, beside as many days before. While the server is away, the
 * numbers stay. */
export function UsageOverview() {
  const { t } = useTranslation();
  const [days, setDays] = useState(30);
  const from = firstDay(days);
  const look = { pollingInterval: LOOK, skipPollingIfUnfocused: true };
  const { data, error, refetch } = useGetUsageQuery({ by: "day", from }, look);
  const { currentData: before } = useGetUsageQuery({ by: "day", ...periodBefore(days) });
  const options = Object.fromEntries(PERIODS.map((count) => [String(count), t("usage.days", { count })]));
  return (
    <section aria-label={t("usage.usage")} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-section">{t("usage.usage")}</h2>
        <Select
          label={t("usage.period")}
          isLabelHidden
          value={String(days)}
          options={options}
          onChange={(chosen) => setDays(Number(chosen))}
        />
      </div>
      {data === undefined && (error === undefined || isTransient(error)) && <Skeleton lines={6} />}
      {data === undefined && error !== undefined && !isTransient(error) && (
        <Failed problem={problemOf(error)} onRetry={refetch} />
      )}
      {data !== undefined && (
        <>
          <UsageTotals label={t("usage.totals")} items={data.items} before={before?.items} />
          <UsageCharts days={data.items} />
          <UsageBreakdown from={from} />
        </>
      )}
    </section>
  );
}

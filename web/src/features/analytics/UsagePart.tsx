import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { BarChart } from "../../ui/BarChart";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { type UsageBy, useGetUsageQuery } from "./analyticsApi";
import { UsageTable } from "./UsageTable";

/** How often what was used is read while somebody looks, in milliseconds. */
const LOOK = 2_000;

/** What was used, by days, models, assistants or people. */
export function UsagePart({ by, from }: { by: UsageBy; from: string }) {
  const { t } = useTranslation();
  const look = { pollingInterval: LOOK, skipPollingIfUnfocused: true };
  const { data, error, refetch } = useGetUsageQuery({ by, from }, look);
  const title = t(`usage.by.${by}`);
  const table = data && <UsageTable label={title} column={t(`usage.columns.${by}`)} items={data.items} />;
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      {error !== undefined && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {data === undefined && error === undefined && <Skeleton />}
      {data?.items.length === 0 && <p className="text-sm text-text-2">{t("usage.none")}</p>}
      {by === "day" && data !== undefined ? (
        <>
          <BarChart
            label={t("usage.chart")}
            bars={data.items.map(({ key, responses }) => ({ name: key, value: responses }))}
          />
          <details className="text-sm">
            <summary className="cursor-pointer">{t("usage.asTable")}</summary>
            {table}
          </details>
        </>
      ) : (
        data !== undefined && data.items.length > 0 && table
      )}
    </section>
  );
}

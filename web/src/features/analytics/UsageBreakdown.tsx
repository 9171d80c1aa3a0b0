import { BarChart3, Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { toCsv } from "../../lib/csv";
import { saveBlob } from "../../lib/save";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Tabs } from "../../ui/Tabs";
import { type UsageBy, useGetUsageQuery } from "./analyticsApi";
import { usageColumns } from "./usageColumns";
import { UsageTable } from "./UsageTable";

const GROUPINGS = ["day", "model", "assistant", "user"] as const;

/** What was used in a period by days, models, assistants or people, also as a file. */
export function UsageBreakdown({ from }: { from: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [by, setBy] = useState<UsageBy>("model");
  const { currentData: data, error, refetch } = useGetUsageQuery({ by, from });
  const items = data?.items ?? [];

  function save() {
    const columns = usageColumns(t, format);
    const head = [t(`usage.columns.${by}`), ...(by === "day" ? [] : ["id"]), ...columns.map(({ title }) => title)];
    const rows = items.map((used) => [
      ...(by === "day" ? [used.key] : [used.name ?? (by === "model" ? used.key : ""), used.key]),
      ...columns.map(({ value }) => value(used)),
    ]);
    const csv = new Blob([toCsv([head, ...rows])], { type: "text/csv" });
    saveBlob(csv, `usage-by-${by}-${from}.csv`);
  }

  const content = (
    <>
      {data === undefined && error === undefined && <Skeleton lines={5} />}
      {data === undefined && error !== undefined && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {data !== undefined && items.length === 0 && <EmptyState icon={BarChart3} title={t("usage.none")} />}
      {items.length > 0 && (
        <>
          <UsageTable label={t(`usage.by.${by}`)} by={by} items={by === "day" ? items.toReversed() : items} />
          <Button className="self-start" onPress={save}>
            <Download aria-hidden="true" />
            {t("usage.download")}
          </Button>
        </>
      )}
    </>
  );
  return (
    <Tabs
      label={t("usage.breakdown")}
      selected={by}
      onSelect={(id) => setBy(id as UsageBy)}
      tabs={GROUPINGS.map((id) => ({ id, title: t(`usage.by.${id}`), content: id === by ? content : null }))}
    />
  );
}

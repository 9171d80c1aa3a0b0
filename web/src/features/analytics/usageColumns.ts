import type { TFunction } from "i18next";
import type { Format } from "../../lib/format";
import type { Usage } from "./analyticsApi";
import { seconds } from "./units";

/** A number of what was used: as it is written in a table, and as it stands in a file. */
interface UsageColumn {
  title: string;
  value: (used: Omit<Usage, "key">) => number | null | undefined;
  /** Also how a sum is written; times have none. */
  write: (value: number | null | undefined) => string;
  isSummed: boolean;
}

/** The columns of a table of usage, after the first one. */
export function usageColumns(t: TFunction, format: Format): UsageColumn[] {
  const count = (title: string, value: UsageColumn["value"]): UsageColumn => ({
    title,
    value,
    write: (number) => format.number(number ?? 0),
    isSummed: true,
  });
  const time = (title: string, value: UsageColumn["value"]): UsageColumn => ({
    title,
    value,
    write: (number) => seconds(number, format),
    isSummed: false,
  });
  return [
    count(t("usage.responses"), (used) => used.responses),
    count(t("usage.completed"), (used) => used.completed),
    count(t("usage.cancelled"), (used) => used.cancelled),
    count(t("usage.failed"), (used) => used.failed + used.interrupted),
    count(t("usage.input"), (used) => used.input_tokens),
    count(t("usage.output"), (used) => used.output_tokens),
    count(t("usage.ratedUp"), (used) => used.rated_up),
    count(t("usage.ratedDown"), (used) => used.rated_down),
    { title: t("usage.cost"), value: (used) => used.cost, write: (cost) => format.money(cost), isSummed: true },
    time(t("usage.median"), (used) => used.median_seconds),
    time(t("usage.p95"), (used) => used.p95_seconds),
  ];
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { BarChart } from "../../ui/chart/BarChart";
import { LineChart } from "../../ui/chart/LineChart";
import { Select } from "../../ui/Select";
import type { Usage } from "./analyticsApi";
import { seconds } from "./units";

const MEASURES = {
  responses: ({ responses }: Usage) => responses,
  tokens: ({ input_tokens, output_tokens }: Usage) => input_tokens + output_tokens,
  cost: ({ cost }: Usage) => cost ?? 0,
};

type Measure = keyof typeof MEASURES;

/** How much was used each day, and how long answers took. */
export function UsageCharts({ days }: { days: Usage[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>("responses");
  const points = days.map(({ key }) => ({
    name: format.utcDay(key),
    short: format.utcDay(key, "short"),
  }));
  const bars = days.map((day, index) => ({
    name: day.key,
    short: "",
    ...points[index],
    value: MEASURES[measure](day),
  }));
  const write = (value: number) =>
    measure === "cost" ? format.money(value) : t(`usage.units.${measure}`, { count: value });
  const time = (value: number) => seconds(value, format);
  return (
    <div className="grid gap-4 @4xl:grid-cols-[3fr_2fr]">
      <figure className="flex min-w-0 flex-col gap-2 rounded-card border border-line p-4">
        <figcaption className="flex min-h-9 items-center justify-between gap-3">
          <span className="text-section">{t("usage.perDay")}</span>
          <Select
            label={t("usage.measure")}
            isLabelHidden
            value={measure}
            options={{ responses: t("usage.responses"), tokens: t("usage.tokens"), cost: t("usage.cost") }}
            onChange={setMeasure}
          />
        </figcaption>
        <BarChart
          label={t("usage.chart", { measure: t(`usage.${measure}`) })}
          isWhole={measure !== "cost"}
          bars={bars}
          format={write}
          formatTick={format.compact}
        />
      </figure>
      <figure className="flex min-w-0 flex-col gap-2 rounded-card border border-line p-4">
        <figcaption className="flex min-h-9 items-center text-section">{t("usage.times")}</figcaption>
        <LineChart
          label={t("usage.times")}
          points={points}
          lines={[
            { name: t("usage.median"), look: "strong", values: days.map((day) => day.median_seconds ?? null) },
            { name: t("usage.p95"), look: "weak", values: days.map((day) => day.p95_seconds ?? null) },
          ]}
          format={time}
          formatTick={time}
        />
      </figure>
    </div>
  );
}

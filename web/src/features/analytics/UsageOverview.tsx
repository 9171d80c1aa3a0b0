import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "../../ui/Select";
import { UsagePart } from "./UsagePart";
import { firstDay } from "./units";

const STRETCHES = [7, 30, 90, 365];

/** What was used over a stretch of days that one chooses. */
export function UsageOverview() {
  const { t } = useTranslation();
  const [days, setDays] = useState(30);
  const from = firstDay(days);
  const options = Object.fromEntries(STRETCHES.map((count) => [String(count), t("usage.days", { count })]));
  return (
    <section aria-label={t("usage.usage")} className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">{t("usage.usage")}</h2>
        <Select
          label={t("usage.stretch")}
          value={String(days)}
          options={options}
          onChange={(chosen) => setDays(Number(chosen))}
        />
      </div>
      {(["day", "model", "assistant", "user"] as const).map((by) => (
        <UsagePart key={by} by={by} from={from} />
      ))}
    </section>
  );
}

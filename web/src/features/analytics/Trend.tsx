import { TrendingDown, TrendingUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { changeOf } from "./totals";
import { percent } from "./units";

/** How a number has changed since the period before. */
export function Trend({ now, before }: { now: number | null; before: number | null | undefined }) {
  const { t, i18n } = useTranslation();
  const change = changeOf(now, before);
  if (change === undefined) {
    return <>{t("usage.noComparison")}</>;
  }
  const Icon = change < 0 ? TrendingDown : TrendingUp;
  return (
    <span className="inline-flex items-center gap-1">
      {change !== 0 && <Icon aria-hidden="true" className="size-3.5" />}
      {t("usage.comparison", { change: percent(change, i18n.language, "exceptZero") })}
    </span>
  );
}

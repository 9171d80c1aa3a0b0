import { TrendingDown, TrendingUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { changeOf } from "./totals";

/** How a number has changed since the period before. */
export function Trend({ now, before }: { now: number | null; before: number | null | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const change = changeOf(now, before);
  if (change === undefined) {
    return <>{t("usage.noComparison")}</>;
  }
  const Icon = change < 0 ? TrendingDown : TrendingUp;
  return (
    <span className="inline-flex items-center gap-1">
      {change !== 0 && <Icon aria-hidden="true" className="size-3.5" />}
      {t("usage.comparison", { change: format.percent(change, "exceptZero") })}
    </span>
  );
}

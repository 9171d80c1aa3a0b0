import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { Stats } from "../../ui/Stats";
import type { Usage } from "./analyticsApi";
import { totalsOf } from "./totals";
import { Trend } from "./Trend";

interface Props {
  label: string;
  items: Usage[];
  /** The period before, once it was read. */
  before: Usage[] | undefined;
}

/** A period in a few numbers, each beside that of the period before. */
export function UsageTotals({ label, items, before }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = totalsOf(items);
  const then = before && totalsOf(before);
  const failures = (totals = now) => totals.failed + totals.interrupted;
  const rated = now.rated_up + now.rated_down;
  return (
    <Stats
      label={label}
      numbers={[
        [t("usage.responses"), now.responses, <Trend now={now.responses} before={then?.responses} />],
        [t("usage.failed"), failures(), <Trend now={failures()} before={then && failures(then)} />],
        [t("usage.input"), now.input_tokens, <Trend now={now.input_tokens} before={then?.input_tokens} />],
        [t("usage.output"), now.output_tokens, <Trend now={now.output_tokens} before={then?.output_tokens} />],
        [
          t("usage.cost"),
          format.money(now.cost),
          now.cost === null ? t("usage.noPrices") : <Trend now={now.cost} before={then?.cost} />,
        ],
        [
          t("usage.ratedGood"),
          rated === 0 ? "–" : format.percent(now.rated_up / rated),
          t("usage.ratings", { count: rated }),
        ],
      ]}
    />
  );
}

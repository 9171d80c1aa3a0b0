import type { Usage } from "./analyticsApi";

/** What can be added up over days; times cannot. */
const COUNTS = [
  "responses",
  "completed",
  "cancelled",
  "failed",
  "interrupted",
  "input_tokens",
  "output_tokens",
  "rated_up",
  "rated_down",
] as const;

export type Totals = Record<(typeof COUNTS)[number], number> & {
  /** Null if none of the models has a price. */
  cost: number | null;
};

/** All of a period together. */
export function totalsOf(items: Usage[]): Totals {
  const sums = COUNTS.map((name) => [name, items.reduce((sum, item) => sum + item[name], 0)]);
  const costs = items.flatMap(({ cost }) => (cost == null ? [] : [cost]));
  return {
    ...(Object.fromEntries(sums) as Record<(typeof COUNTS)[number], number>),
    cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
  };
}

/** How a number differs from that of the period before, as a part of it; undefined where there is nothing to compare. */
export function changeOf(now: number | null, before: number | null | undefined): number | undefined {
  return now === null || before == null || before === 0 ? undefined : (now - before) / before;
}

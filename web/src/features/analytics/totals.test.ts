import { expect, it } from "vitest";
import type { Usage } from "./analyticsApi";
import { changeOf, totalsOf } from "./totals";

const DAY: Usage = {
  key: "2026-01-01",
  responses: 10,
  completed: 7,
  cancelled: 1,
  failed: 1,
  interrupted: 1,
  input_tokens: 100,
  output_tokens: 200,
  rated_up: 2,
  rated_down: 1,
  cost: null,
};

it("adds up a period, and knows no cost from a cost of nothing", () => {
  expect(totalsOf([DAY, DAY])).toMatchObject({ responses: 20, cancelled: 2, output_tokens: 400, cost: null });
  expect(totalsOf([DAY, { ...DAY, cost: 0.5 }, { ...DAY, cost: 1 }]).cost).toBe(1.5);
  expect(totalsOf([])).toMatchObject({ responses: 0, cost: null });
});

it("compares with the period before where there was something", () => {
  expect(changeOf(15, 10)).toBe(0.5);
  expect(changeOf(0, 10)).toBe(-1);
  expect(changeOf(15, 0)).toBeUndefined();
  expect(changeOf(null, 1)).toBeUndefined();
});

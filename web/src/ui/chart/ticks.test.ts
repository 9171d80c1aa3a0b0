import { expect, it } from "vitest";
import { ticks } from "./ticks";

it("divides an axis by round values", () => {
  expect(ticks(87, true)).toEqual([0, 50, 100]);
  expect(ticks(9, true)).toEqual([0, 5, 10]);
  expect(ticks(0.03, false)).toEqual([0, 0.01, 0.02, 0.03]);
  expect(ticks(1_234_567, true)).toEqual([0, 500_000, 1_000_000, 1_500_000]);
});

it("leaves room above few, and has an axis where nothing happened", () => {
  expect(ticks(1, true)).toEqual([0, 1, 2, 3, 4]);
  expect(ticks(0, true)).toEqual([0, 1, 2, 3, 4]);
  expect(ticks(0, false)).toEqual([0, 0.5]);
});

import { expect, it } from "vitest";
import { duration } from "./duration";

it.each([
  [320, "en", "320ms"],
  [4_200, "en", "4.2s"],
  [4_000, "en", "4s"],
  [42_400, "en", "42s"],
  [125_000, "en", "2m 5s"],
  [120_000, "en", "2m"],
])("writes %d milliseconds in %s as %s", (milliseconds, language, written) => {
  expect(duration(milliseconds, language)).toBe(written);
});

it("writes numbers as the language does", () => {
  expect(duration(4_200, "de")).toMatch(/^4,2/);
});

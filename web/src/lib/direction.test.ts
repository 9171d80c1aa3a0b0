import { expect, it } from "vitest";
import { directionOf } from "./direction";

it.each([
  ["Hello العالم", "ltr"],
  ["3. قاعدة بيانات PostgreSQL", "rtl"],
  ["«שלום» world", "rtl"],
  ["2026", "ltr"],
  ["", "ltr"],
])("runs %j %s", (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});

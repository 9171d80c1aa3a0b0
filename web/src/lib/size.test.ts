import { expect, it } from "vitest";
import { sizeOf } from "./size";

it.each([
  [1, "en", "1 byte"],
  [215, "en", "215 bytes"],
  [36_900, "en", "36.9 kB"],
  [2_500_000, "de", "2,5 MB"],
])("shows %i bytes in %s as %s", (bytes, language, shown) => {
  expect(sizeOf(bytes, language)).toBe(shown);
});

import { expect, it } from "vitest";
import { lineDiff } from "./lineDiff";

const shown = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`);

it("keeps the lines that both texts have", () => {
  expect(shown("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
});

it("takes an empty text for no lines at all", () => {
  expect(shown("", "a")).toEqual(["+a"]);
  expect(shown("a", "")).toEqual(["-a"]);
  expect(shown("", "")).toEqual([]);
});

it("counts very long texts as replaced, in no time", () => {
  const long = (line: string) => Array.from({ length: 5_000 }, (_, n) => `${line}${n}`).join("\n");
  expect(lineDiff(long("a"), long("b"))).toHaveLength(10_000);
});

import { expect, it } from "vitest";
import { toCsv } from "./csv";

it("quotes what would break a row, and leaves a missing value empty", () => {
  expect(
    toCsv([
      ["a,b", 'say "hi"', "two\nlines"],
      [1.5, null, undefined],
    ]),
  ).toBe('"a,b","say ""hi""","two\nlines"\r\n1.5,,\r\n');
});

it("keeps a name from being calculated", () => {
  expect(toCsv([["=HYPERLINK(1)", -3]])).toBe("'=HYPERLINK(1),-3\r\n");
});

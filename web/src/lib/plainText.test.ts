import { expect, it } from "vitest";
import { excerptText, plainFragments, withoutMarks } from "./plainText";

it.each([
  ["**forty euros** a night", "forty euros a night"],
  ["## Rules\n- one\n- two", "Rules\none\ntwo"],
  ["see [the manual](https://example.org/a_b) and `code`", "see the manual and code"],
  ["| a | b |\n|---|---|\n| 1 | 2 |", " a b \n\n 1 2 "],
  ["*soft* and _soft_ and __loud__", "soft and soft and loud"],
  ["snake_case_name, 2 * 3 * 4, a_b", "snake_case_name, 2 * 3 * 4, a_b"],
])("takes the marks out of %j", (text, plain) => {
  expect(withoutMarks(text)).toBe(plain);
});

it("keeps what matched, also where the match lies inside of marks", () => {
  const fragments = [
    { text: "The **", matched: false },
    { text: "lantern", matched: true },
    { text: " allowance** is `40`", matched: false },
  ];
  expect(plainFragments(fragments)).toEqual([
    { text: "The ", matched: false },
    { text: "lantern", matched: true },
    { text: " allowance is 40", matched: false },
  ]);
});

it("makes running text of an excerpt", () => {
  const excerpt = "## Holidays\n\nWhat is left in March\nof the next year  lapses: `holidays left`.\n";
  expect(excerptText(excerpt)).toBe("Holidays What is left in March of the next year lapses: holidays left.");
});

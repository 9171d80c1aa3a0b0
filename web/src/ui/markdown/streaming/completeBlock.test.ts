import { describe, expect, it } from "vitest";
import { completeBlock } from "./completeBlock";

describe("completeBlock", () => {
  it.each([
    ["**bo", "**bo**"],
    ["**bold*", "**bold**"],
    ["**bold** and *it", "**bold** and *it*"],
    ["**bold *both", "**bold *both***"],
    ["***both** one", "***both** one*"],
    ["a **", "a"],
    ["a **b ", "a **b**"],
    ["~~gone", "~~gone~~"],
    ["_so", "_so_"],
    ["snake_case and 2*3", "snake_case and 2*3"],
    ["5 * 3 is", "5 * 3 is"],
    ["`co", "`co`"],
    ["``a ` b`", "``a ` b``"],
    ["a `", "a"],
    ["**a `b*", "**a `b*`**"],
    ["[text](htt", "[text]()"],
    ["**[text](htt", "**[text]()**"],
    ["see [text", "see text"],
    ["see [text](https://example.org) and", "see [text](https://example.org) and"],
    ["a ![alt](htt", "a"],
    ["a ![al", "a"],
    ["a[^1", "a"],
    ["so \\(x^2", "so \\(x^2 \\)"],
    ["so \\(", "so"],
    ["\\[\nx = \\frac{1}{2}", "\\[\nx = \\frac{1}{2} \\]"],
    ["$$\nx_1 * y_2", "$$\nx_1 * y_2 $$"],
    ["costs $5 for *one", "costs $5 for *one*"],
    ["$a_1$ and *b", "$a_1$ and *b*"],
    ["text\\", "text"],
    ["escaped \\*star", "escaped \\*star"],
    ["text\n-", "text"],
    ["text\n===", "text"],
    ["text\n**", "text"],
    ["- one\n- ", "- one"],
    ["1. one\n2", "1. one"],
    ["- [ ] one\n- [", "- [ ] one"],
    ["- **one**\n- **two", "- **one**\n- **two**"],
    ["- *one\n- two", "- *one\n- two"],
    ["> **quo", "> **quo**"],
    ["# Head **li", "# Head **li**"],
    ["1. a\n   ```js\n   const **x", "1. a\n   ```js\n   const **x"],
    ["| a | b", "\n| a | b\n|---|---|"],
    ["| a | b |\n|-", "\n| a | b |\n|---|---|"],
    ["| a | b |\n|---|--:|", "| a | b |\n|---|--:|"],
    ["| a | b |\n|---|--:|\n| **x", "| a | b |\n|---|--:|\n| **x**"],
    ["| a |\n|---|\n| 1 |\n|", "| a |\n|---|\n| 1 |"],
    ["**Prices**\n| a |", "**Prices**\n\n| a |\n|---|"],
  ])("of %j shows %j", (source, whole) => {
    expect(completeBlock(source)).toBe(whole);
  });

  it("leaves what is whole as it is", () => {
    const whole = "Some **bold** text, `code`, [a link](https://example.org), \\(x\\) and $y$.\n\n- a *b* c\n- d";
    expect(completeBlock(whole)).toBe(whole);
  });

  it("is quick with marks that nothing closes", () => {
    for (const mark of ["*", "**a ", "[", "`", "$a ", "\\(", "| a ", "_a_", "![", "]("]) {
      const started = performance.now();
      completeBlock(mark.repeat(20_000 / mark.length));
      expect(performance.now() - started, mark).toBeLessThan(1_000);
    }
  });
});

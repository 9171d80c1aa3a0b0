import { unified } from "unified";
import remarkParse from "remark-parse";
import { visit } from "unist-util-visit";
import { describe, expect, it } from "vitest";
import { remarkFormulas } from "./remarkFormulas";

/** The formulas of a text in order: those that are set off with two dollars, the others with one. */
function formulas(text: string): string[] {
  const found: string[] = [];
  visit(unified().use(remarkParse).use(remarkFormulas).parse(text), "formula", (node) => {
    const [name] = node.data?.hProperties?.className as string[];
    found.push(name === "math-display" ? `$$${node.value}$$` : `$${node.value}$`);
  });
  return found;
}

describe("formulas", () => {
  it.each([
    ["in a line", String.raw`so \( a^2 + b^2 \) and $c^2$.`, ["$a^2 + b^2$", "$c^2$"]],
    ["one letter", "a $x$, the $n$th, $k$-means", ["$x$", "$n$", "$k$"]],
    ["beside letters of other scripts", "设$x$为整数", ["$x$"]],
    ["set off on lines of their own", "\\[\nx = y\n\\]\n\n$$\nz\n$$", ["$$x = y$$", "$$z$$"]],
    ["set off on one line", "\\[ x = y \\]\n\n$$ z $$", ["$$x = y$$", "$$z$$"]],
    ["set off within a line", String.raw`then \[x = y\] and $$z$$ follow`, ["$$x = y$$", "$$z$$"]],
    ["right after a paragraph", "text\n\\[\nx\n\\]\nmore", ["$$x$$"]],
    ["with lines that look like a list", "\\[\nx\n- y\n+ z\n\\]", ["$$x\n- y\n+ z$$"]],
    ["with a line of equals signs", "\\[\nx\n=\ny\n\\]", ["$$x\n=\ny$$"]],
    ["with empty lines", "$$\nx\n\ny\n$$", ["$$x\n\ny$$"]],
    ["in a list", "1. one\n   \\[\n   x\n   \\]\n2. two $y$", ["$$x$$", "$y$"]],
    ["in a quote", "> \\[\n> x\n> \\]", ["$$x$$"]],
    ["with punctuation after it", "\\[ x \\].", ["$$x.$$"]],
    ["over two lines", "a $x +\ny$ b", ["$x +\ny$"]],
    ["with dollars that are escaped", String.raw`$\$5 + x$`, [String.raw`$\$5 + x$`]],
    [
      "with rows of a matrix",
      String.raw`\( \begin{pmatrix} 1 \\ 2 \end{pmatrix} \)`,
      [String.raw`$\begin{pmatrix} 1 \\ 2 \end{pmatrix}$`],
    ],
    ["in emphasis", "**the $x$ of it**", ["$x$"]],
    ["with marks of emphasis", "$a_1 * b_2 * c$ and *d*", ["$a_1 * b_2 * c$"]],
  ])("are found %s", (_, text, expected) => {
    expect(formulas(text)).toEqual(expected);
  });

  it.each([
    "The price is $5 for one and $9 for two.",
    "It is between $5 and $10.",
    "US$5–$9",
    "US$5 and 9$ are prices",
    "$5/month, $50/year ($10 off)",
    "from $1,000 to $2,000, or $3.50 each",
    "$20-$30 and €20–€30",
    "A $5 note, 7 $ and $ 9",
    "costs $5.\nYou have 6$.",
    "$5 million in, 6 million out, net -1 million$",
    "echo $HOME and $PATH",
    "a $ b $ c",
    "5$ and 10$",
    "$",
    "$$",
    "$$$",
    "$$ never closed",
    "\\[ never closed\n\nmore",
    String.raw`\( never closed`,
    String.raw`as \[1\] and \[see there\] say`,
    String.raw`\$x$`,
    String.raw`\\(x)`,
    "`$x$` and `\\(x\\)`",
    "```\n$x$ \\[y\\]\n```",
    "    $x$",
  ])("are not found in %j", (text) => {
    expect(formulas(text)).toEqual([]);
  });

  it("are found soon, whatever is not closed", () => {
    for (const mark of ["$", "$$", "\\(", "\\[", "$a ", "$$a\n", "\\[\n", "$a$", "$5 for ", "\\(x\\[y"]) {
      const started = performance.now();
      formulas(mark.repeat(20_000 / mark.length));
      expect(performance.now() - started, mark).toBeLessThan(3_000);
    }
  });
});

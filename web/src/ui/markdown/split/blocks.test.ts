import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, it } from "vitest";
import { remarkFormulas } from "../math/remarkFormulas";
import { type Block, splitBlocks } from "./blocks";

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFormulas);

/** A tree without positions, and without what only the source can say. */
function plain(node: object): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "position" ? undefined : value)));
}

function whole(text: string): unknown[] {
  return parser.parse(text).children.map(plain);
}

function source(block: Block): string {
  return block.kind === "code"
    ? ["~~~~~~~~~" + block.info, block.code, ...(block.isClosed ? ["~~~~~~~~~"] : [])].join("\n")
    : block.source;
}

function inBlocks(text: string): unknown[] {
  return splitBlocks(text).flatMap((block) => whole(source(block)));
}

const PIECES = [
  "A paragraph\nof two lines.",
  "# Heading",
  "Heading\n===",
  "Text\n---",
  "***",
  "- one\n- two",
  "- one\n\n- two\n\n  more of two",
  "1. one\n2. two\n   - inner\n\n     text",
  "1. one\n   ```js\n   code\n\n   more\n   ```\n2. two",
  "* [ ] open\n* [x] done",
  "> quote\n> more\n\n> another",
  "> - list in it\n>\n>   text",
  "```rust\nfn main() {}\n\n# no heading\n```",
  "~~~\n```\n~~~",
  "   ```\n   indented\n   ```",
  "    code\n\n    more code",
  "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |",
  "a | b\n-|-\n1 | 2",
  "$$\nx\n\ny\n$$",
  "\\[ x = y \\]",
  "\\[\na\n- b\n\\]",
  "$$ x $$ in a line",
  "<div>\n# in html\n</div>",
  "<!-- a\n\nb -->",
  "<script>\n\n- x\n</script>",
  "text\n<div>\n- a\n</div>",
  "<span>inline</span> text",
  "* * *",
  "- - -",
  "Line with `code` and **bold**",
  "1) other\n2) list",
  "+ a\n\n\n+ b",
  "- one\n-\n- three",
  "\\# no heading",
  "[x]: https://example.org",
  "Hard  \nbreak",
];

describe("splitBlocks", () => {
  it("gives what the whole gives, whatever follows whatever", () => {
    for (const first of PIECES) {
      for (const second of PIECES) {
        const text = `${first}\n\n${second}`;
        expect(inBlocks(text), text).toEqual(whole(text));
      }
    }
  });

  it("gives what the whole gives, right below one another", () => {
    // Lines right below a table are split from it where that reads better.
    for (const first of PIECES) {
      for (const second of PIECES) {
        const text = `${first}\n${second}`;
        if (![first, second].some((piece) => piece.includes("|"))) {
          expect(inBlocks(text), text).toEqual(whole(text));
        }
      }
    }
  });

  it("leaves the blocks before the last one as they are, whatever is written next", () => {
    // Whether a formula with an empty line is one can be told only at its end.
    const text = PIECES.filter((piece) => piece !== "$$\nx\n\ny\n$$").join("\n\n");
    let before: string[] = [];
    for (let end = 1; end <= text.length; end += 1) {
      const now = splitBlocks(text.slice(0, end)).map(source);
      const closed = before.slice(0, -1);
      expect(now.slice(0, closed.length), text.slice(0, end)).toEqual(closed);
      before = now;
    }
  });

  it("begins a table below a line of text", () => {
    const kinds = splitBlocks("**Prices**\n| a | b |\n|---|---|\n| 1 | 2 |").map(({ kind }) => kind);
    expect(kinds).toEqual(["text", "table"]);
  });

  it("reads code with its words, closed or not", () => {
    expect(splitBlocks("```ts title\nx\n\ny\n```")).toEqual([
      { kind: "code", info: "ts title", code: "x\n\ny", isClosed: true },
    ]);
    expect(splitBlocks("```ts\nx\n``")).toEqual([{ kind: "code", info: "ts", code: "x\n``", isClosed: false }]);
  });

  it("is quick with much text", () => {
    const text = PIECES.join("\n\n").repeat(300);
    const started = performance.now();
    splitBlocks(text);
    expect(text.length).toBeGreaterThan(200_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

import { describe, expect, it } from "vitest";
import { highlight, type TokenLine } from "./highlighter";
import { languageOf } from "./languages";

async function lines(code: string, name: string): Promise<{ last: TokenLine[]; calls: number }> {
  const language = languageOf(name);
  let last: TokenLine[] = [];
  let calls = 0;
  if (language !== undefined) {
    await highlight(code, language, new AbortController().signal, (done) => {
      last = done;
      calls += 1;
    });
  }
  return { last, calls };
}

describe("highlight", () => {
  it("goes on in what began in an earlier piece, and keeps every character", async () => {
    const code = ["/* begins", ...Array.from({ length: 40 }, (_, index) => `still ${index}`), "*/", "let x;"].join(
      "\n",
    );
    const { last } = await lines(code, "js");
    expect(last.map((line) => line.map(({ text }) => text).join("")).join("\n")).toBe(code);
    expect(last[30]?.map(({ kind }) => kind)).toEqual(["comment"]);
    expect(last.at(-1)?.[0]).toEqual({ text: "let", kind: "keyword" });
  });

  it("lets the page breathe in long code", async () => {
    const line = "export const value = compute(a, b, `text ${c} text`, { key: [1, 2, 3] });";
    const { last, calls } = await lines(Array.from({ length: 2_000 }, () => line).join("\n"), "ts");
    expect(last).toHaveLength(2_000);
    expect(calls).toBeGreaterThan(2);
  });

  it("stops where nobody wants it any more", async () => {
    const control = new AbortController();
    control.abort();
    let calls = 0;
    const language = languageOf("js");
    if (language !== undefined) {
      await highlight("let x;", language, control.signal, () => (calls += 1));
    }
    expect(calls).toBe(0);
  });

  it.each(
    "bash c cpp csharp css diff docker go html java javascript json jsx kotlin latex lua make markdown".split(" "),
  )("knows %s", async (name) => {
    expect((await lines("a = 1", name)).last).toHaveLength(1);
  });

  it.each(
    "mermaid php powershell python r ruby rust scala scss sql swift toml tsx typescript xml yaml dart ini".split(" "),
  )("knows %s", async (name) => {
    expect((await lines("a = 1", name)).last).toHaveLength(1);
  });
});

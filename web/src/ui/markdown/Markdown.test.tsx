import { act, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import Markdown from "./Markdown";

/** The elements of a text. */
function show(text: string, isStreaming = false): HTMLElement {
  return render(<Markdown text={text} isStreaming={isStreaming} />).container;
}

describe("Markdown", () => {
  it("shows headings, lists, quotes and tables", () => {
    const page = show("# Title\n\n- a\n  - b\n\n> c\n>\n> d\n\n| e |\n|---|\n| f |");
    expect(page.querySelector("h1")?.textContent).toBe("Title");
    expect(page.querySelector("li li")?.textContent).toBe("b");
    expect(page.querySelectorAll("blockquote > p")).toHaveLength(2);
    expect(page.querySelector("td")?.textContent).toBe("f");
  });

  it("labels the boxes of tasks, and lets nobody change them", () => {
    show("- [x] one\n- [ ] two");
    expect(screen.getByRole("checkbox", { name: "Done" })).toHaveProperty("checked", true);
    expect(screen.getByRole("checkbox", { name: "To do" }).getAttribute("aria-readonly")).toBe("true");
  });

  it("lets each block have the direction of its text", () => {
    const page = show("مرحبا\n\n# مرحبا\n\n1. مرحبا\n\n   مرحبا\n\n> مرحبا\n\n| مرحبا |\n|---|\n| ١ |");
    const blocks = [...page.querySelectorAll("p, h1, ol, blockquote, .table-frame")];
    const outer = blocks.filter((block) => block.closest("li, blockquote > *") === null);
    expect(outer.map(({ tagName }) => tagName)).toEqual(["P", "H1", "OL", "BLOCKQUOTE", "DIV"]);
    expect(outer.map((block) => block.getAttribute("dir"))).toEqual(outer.map(() => "auto"));
    // An own direction there would hide the text from the list and the quote.
    expect(page.querySelector("li > p[dir], blockquote > p[dir]")).toBeNull();
    expect(show("```\nx\n```").querySelector("figure")?.dir).toBe("ltr");
  });

  it("knows emphasis beside Chinese and Japanese punctuation, and does not slant it", () => {
    const page = show("**注意：**请在*重要*的地方，**「重点」**和*日本語*。");
    expect([...page.querySelectorAll("strong")].map((strong) => strong.textContent)).toEqual(["注意：", "「重点」"]);
    expect([...page.querySelectorAll("em")].map((em) => em.className)).toEqual(["cjk", "cjk"]);
    expect(show("*latin*").querySelector("em")?.className).toBe("");
  });

  it("shows what is said by simple HTML, and all other HTML as it was written", () => {
    const page = show('H<sub>2</sub>O<br>x <kbd class="a" onclick="b">Ctrl</kbd> <center>y</center>\n\n<div>z</div>');
    expect(page.querySelector("sub")?.textContent).toBe("2");
    expect(page.querySelector("br")).not.toBeNull();
    expect(page.querySelector("kbd")?.attributes).toHaveLength(0);
    expect(page.textContent).toContain("<center>y</center>");
    expect(page.textContent).toContain("<div>z</div>");
    expect(show("a <!-- hidden --> b").textContent).toBe("a  b");
  });

  it("tells links to other sites from those of this one", () => {
    const page = show("[in](/manual/data) and [out](https://example.org/x) and <mailto:a@example.org>");
    const [inner, outer, mail] = page.querySelectorAll("a");
    expect([inner, outer, mail].map((link) => link?.querySelector("svg") !== null)).toEqual([false, true, false]);
    expect(outer?.rel).toBe("noopener noreferrer nofollow");
    expect(outer?.title).toBe("https://example.org/x");
  });

  it("keeps references that stand in other blocks", () => {
    const page = show("See [the manual][m] and [M].\n\nMore.\n\n[m]: /manual/data");
    expect([...page.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
      "/manual/data",
      "/manual/data",
    ]);
  });

  it("numbers footnotes in the order of the text, and leads to them and back", () => {
    const page = show("One[^b] and two[^a].\n\nAgain[^b], and none[^c].\n\n[^a]: About *a*.\n[^b]: About b.");
    expect([...page.querySelectorAll("sup")].map((mark) => mark.textContent)).toEqual(["1", "2", "1"]);
    const notes = screen.getByRole("region", { name: "Footnotes" });
    expect([...notes.querySelectorAll("li")].map((note) => note.textContent)).toEqual(["About b.", "About a."]);
    expect(notes.querySelector("em")?.textContent).toBe("a");
    expect(page.textContent).toContain("none[^c]");
    const target = notes.querySelector<HTMLElement>("li");
    const scroll = vi.fn();
    Object.assign(target ?? {}, { scrollIntoView: scroll });
    act(() => screen.getAllByRole("link", { name: "Footnote 1" })[0]?.click());
    expect(scroll).toHaveBeenCalled();
    expect(document.activeElement).toBe(target);
  });

  it("does not parse blocks again that are complete", () => {
    const text = "First *paragraph*.\n\nSecond one";
    const { container, rerender } = render(<Markdown text={text} isStreaming />);
    const [first, second] = container.querySelectorAll("p");
    const before = first?.firstChild;
    rerender(<Markdown text={`${text} grows.\n\nThird`} isStreaming />);
    expect(container.querySelector("p")?.firstChild).toBe(before);
    expect(second?.textContent).toBe("Second one grows.");
  });

  it("shows what is being written as if it were whole", () => {
    expect(show("It is **bo", true).querySelector("strong")?.textContent).toBe("bo");
    expect(show("| a | b", true).querySelectorAll("th")).toHaveLength(2);
    expect(show("[text](https://exa", true).textContent).toBe("text");
    expect(show("```js\nconst x", true).querySelector("pre")?.textContent).toBe("const x");
    expect(show("text\n-", true).querySelector("h2")).toBeNull();
    expect(show("It is **bo").querySelector("strong")).toBeNull();
  });
});

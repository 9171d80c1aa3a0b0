import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Markdown from "../Markdown";

const DOT = "data:image/png;base64,iVBORw0KGgo=";

describe("pictures", () => {
  it("of a text itself are shown, and enlarged where somebody wants to see them", async () => {
    const { container } = render(<Markdown text={`![a dot](${DOT})`} />);
    expect(container.querySelector("img")?.getAttribute("src")).toBe(DOT);
    await userEvent.click(screen.getByRole("button", { name: "Enlarge a dot" }));
    expect(screen.getByRole("dialog", { name: "a dot" }).querySelector("img")?.getAttribute("src")).toBe(DOT);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("of other sites are links that name the site", () => {
    const { container } = render(<Markdown text="![a cat](https://example.org/cat.png) ![](//example.net/x)" />);
    expect(container.querySelector("img")).toBeNull();
    expect(screen.getByRole("link", { name: "External image: a cat" }).getAttribute("href")).toBe(
      "https://example.org/cat.png",
    );
    expect(container.textContent).toContain("example.org");
    expect(container.textContent).toContain("example.net");
  });

  it.each(["data:text/html,x", "javascript:x", "blob:x", "file:///x", "x.png"])("with %s are their words", (src) => {
    const { container } = render(<Markdown text={`![words](<${src}>)`} />);
    expect(container.querySelector("img, a")).toBeNull();
    expect(container.textContent).toBe("words");
  });
});

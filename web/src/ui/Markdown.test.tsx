import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PAYLOADS } from "../test/payloads";
import Markdown from "./Markdown";

/** What is in an element that could act or load. */
function dangers(root: HTMLElement): string[] {
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const found: string[] = [];
    if (/^(script|iframe|object|embed|style|link|meta|base|form|svg|video|audio)$/i.test(element.tagName)) {
      found.push(element.tagName);
    }
    for (const { name, value } of element.attributes) {
      const isUrl = /^(href|src|srcset|action|formaction|data|xlink:href|poster|background)$/i.test(name);
      const url = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      if (/^on/i.test(name) || name === "style" || (isUrl && /^(javascript|vbscript|data|file|blob):/.test(url))) {
        found.push(`${name}=${value}`);
      }
    }
    if (element.tagName === "IMG" && !/^\/[^/\\]/.test(element.getAttribute("src") ?? "/")) {
      found.push(`img ${element.getAttribute("src") ?? ""}`);
    }
    return found;
  });
}

describe("Markdown", () => {
  it("lets nothing act, at no prefix of what is written", () => {
    expect(PAYLOADS.length).toBeGreaterThan(100);
    for (const payload of PAYLOADS) {
      for (const end of new Set([payload.length, Math.ceil(payload.length / 2), payload.length - 1])) {
        const text = payload.slice(0, end);
        const { container, unmount } = render(<Markdown text={text} />);
        expect(dangers(container), text).toEqual([]);
        unmount();
      }
    }
  });

  it("finds what is dangerous, where there is some", () => {
    const box = document.createElement("div");
    box.innerHTML = '<a href="java&#10;script:x">a</a><img src="//evil.example/x"><p onclick="x" style="x">b</p>';
    expect(dangers(box)).toHaveLength(4);
  });

  it("shows code, tables, lists and formulas", () => {
    const text = "# Title\n\n```js\nconst x = 1;\n```\n\n| a |\n|---|\n| b |\n\n- c\n\n$x^2$";
    const { container } = render(<Markdown text={text} />);
    expect(container.querySelector("h1")?.textContent).toBe("Title");
    expect(container.querySelector("code .hljs-keyword")?.textContent).toBe("const");
    expect(container.querySelector("td")?.textContent).toBe("b");
    expect(container.querySelector("li")?.textContent).toBe("c");
    expect(container.querySelector("math msup")).not.toBeNull();
  });

  it("makes a link of a picture of another site", () => {
    const { container } = render(<Markdown text="![cat](https://evil.example/cat.png)" />);
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector("a")?.textContent).toContain("cat");
  });
});

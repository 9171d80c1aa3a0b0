import { act, render } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";
import { PAYLOADS } from "../../test/payloads";
import Markdown from "./Markdown";

const FORBIDDEN = /^(script|object|embed|style|link|meta|base|form|video|audio|picture|source|template|dialog)$/i;
const ADDRESSES = /^(href|src|srcset|action|formaction|data|xlink:href|poster|background|ping)$/i;
const ACTING = /^(javascript|vbscript|data|file|blob):/;

const BATCH = 60;
const BATCHES = Array.from({ length: Math.ceil(PAYLOADS.length / BATCH) }, (_, index) => index * BATCH);

/** What is in an element that could act or load. */
function dangers(root: HTMLElement): string[] {
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const isFormula = element.closest(".katex") !== null;
    const isIcon = element.closest("svg.lucide") !== null;
    const isEmbedded = element.tagName === "IMG" && /^data:image\//.test(element.getAttribute("src") ?? "");
    const isPreview = element.tagName === "IFRAME" && element.getAttribute("sandbox") === "allow-scripts";
    const found: string[] = [];
    if (FORBIDDEN.test(element.tagName) || (element.tagName === "svg" && !isFormula && !isIcon)) {
      found.push(element.tagName);
    }
    if (element.tagName === "IFRAME" && !(isPreview && /^\/preview/.test(element.getAttribute("src") ?? ""))) {
      found.push("iframe");
    }
    for (const { name, value } of element.attributes) {
      const url = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      const isStyled = name === "style" && !isPreview && !(isFormula && !/url|fixed|absolute/.test(url));
      if (/^on/i.test(name) || isStyled || (ADDRESSES.test(name) && ACTING.test(url) && !isEmbedded)) {
        found.push(`${element.tagName} ${name}=${value}`);
      }
    }
    if (element.tagName === "IMG" && !isEmbedded && !/^\/[^/\\]/.test(element.getAttribute("src") ?? "/")) {
      found.push(`img ${element.getAttribute("src") ?? ""}`);
    }
    return found;
  });
}

describe("Markdown", () => {
  // Formulas are typeset at once, so that what they become is looked at.
  beforeAll(async () => {
    await import("./math/KatexFormula");
    await act(async () => {
      render(<Markdown text="$x$" />);
      await Promise.resolve();
    });
  });

  it("is tried with much", () => {
    expect(new Set(PAYLOADS).size).toBeGreaterThan(300);
  });

  it.each(BATCHES)("lets nothing act, at no prefix of what is written (%i …)", async (start) => {
    for (const payload of PAYLOADS.slice(start, start + BATCH)) {
      for (const end of new Set([payload.length, Math.ceil(payload.length / 2), payload.length - 1])) {
        const text = payload.slice(0, end);
        const { container, unmount } = render(<Markdown text={text} isStreaming={end < payload.length} />);
        await act(async () => Promise.resolve());
        expect(dangers(container), text).toEqual([]);
        unmount();
      }
    }
  });

  it("finds what is dangerous, where there is some", () => {
    const box = document.createElement("div");
    box.innerHTML = [
      '<a href="java&#10;script:x">a</a><img src="//evil.example/x"><p onclick="x" style="x">b</p>',
      '<iframe src="/preview"></iframe><svg></svg><img src="data:text/html,x">',
      '<i class="katex"><i style="background:url(x)"></i></i>',
    ].join("");
    expect(dangers(box)).toHaveLength(9);
  });
});

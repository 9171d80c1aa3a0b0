import { act, render } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";
import { dangers } from "../../test/dangers";
import { PAYLOADS } from "../../test/payloads";
import Markdown from "./Markdown";

const BATCH = 60;
const BATCHES = Array.from({ length: Math.ceil(PAYLOADS.length / BATCH) }, (_, index) => index * BATCH);

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

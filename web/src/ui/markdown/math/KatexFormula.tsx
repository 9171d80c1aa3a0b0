/** Typesets formulas. It comes in a chunk of its own, with its fonts, when the first formula is shown. */
import katex from "katex";
import "katex/dist/katex.min.css";
import { useLayoutEffect, useRef } from "react";
import { enqueue } from "./queue";

/** What is longer, or a table of more cells, is shown as its source: each of its characters may become many elements. */
const LONGEST = 5_000;
const MOST_CELLS = 400;

/** No links, pictures or attributes; nothing larger than this many em, and no macros that grow without end. */
const limits = { trust: false, strict: false, maxSize: 20, maxExpand: 500, throwOnError: true } as const;
const errorColor = "var(--color-bad)";

interface Props {
  tex: string;
  isDisplay: boolean;
}

export default function KatexFormula({ tex, isDisplay }: Props) {
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null) {
      showSource(element, tex, isDisplay);
      return enqueue(() => typeset(element, tex, isDisplay));
    }
  }, [tex, isDisplay]);
  return <span ref={box} dir="ltr" />;
}

function showSource(element: HTMLElement, tex: string, isDisplay: boolean): void {
  element.textContent = tex;
  element.className = isDisplay ? "formula-source formula-display" : "formula-source";
}

function typeset(element: HTMLElement, tex: string, isDisplay: boolean): void {
  if (tex.length > LONGEST || tex.split("&").length > MOST_CELLS) {
    return;
  }
  try {
    // It creates elements; text never becomes HTML, and macros are its own.
    katex.render(tex, element, { ...limits, errorColor, displayMode: isDisplay, macros: {} });
    element.className = isDisplay ? "formula formula-display" : "formula";
  } catch {
    showSource(element, tex, isDisplay);
  }
}

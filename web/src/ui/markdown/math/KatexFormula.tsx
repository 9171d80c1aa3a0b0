/** Typesets formulas. It comes in a chunk of its own, with its fonts, when the first formula is shown. */
import katex from "katex";
import "katex/dist/katex.min.css";
import { useLayoutEffect, useRef } from "react";

/** A longer one is shown as its source: typesetting it would take too long. */
const LONGEST = 10_000;

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
    if (element === null) {
      return;
    }
    try {
      if (tex.length > LONGEST) {
        throw new RangeError("too long");
      }
      // It creates elements; text never becomes HTML, and macros are its own.
      katex.render(tex, element, { ...limits, errorColor, displayMode: isDisplay, macros: {} });
      element.className = isDisplay ? "formula formula-display" : "formula";
    } catch {
      element.textContent = tex;
      element.className = isDisplay ? "formula-source formula-display" : "formula-source";
    }
  }, [tex, isDisplay]);
  return <span ref={box} dir="ltr" />;
}

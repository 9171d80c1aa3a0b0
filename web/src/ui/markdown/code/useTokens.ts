import { useEffect, useState } from "react";
import { part } from "../../../lib/part";
import type { TokenLine } from "./highlighter";
import type { Language } from "./languages";

const load = part("highlighter", () => import("./highlighter"));

/** What was coloured last: messages that are scrolled back to are shown at once. */
const known = new Map<string, TokenLine[]>();
const KEPT = 60;

function keep(key: string, lines: TokenLine[]): void {
  known.delete(key);
  known.set(key, lines);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) {
    known.delete(oldest);
  }
}

/** The lines of a code that are coloured so far; none of a language that is not known. */
export function useTokens(code: string, language: Language | undefined): TokenLine[] {
  const key = language === undefined ? "" : `${language.grammar}\n${code}`;
  const [tokens, setTokens] = useState<{ key: string; lines: TokenLine[] }>();
  useEffect(() => {
    if (language === undefined || known.has(key)) {
      return;
    }
    const control = new AbortController();
    const show = (lines: TokenLine[]) => {
      setTokens({ key, lines });
      if (lines.length === code.split("\n").length) {
        keep(key, lines);
      }
    };
    // Where the code for it cannot be had, or a grammar fails, code is shown without colours.
    load()
      .then(({ highlight }) => highlight(code, language, control.signal, show))
      .catch(() => undefined);
    return () => control.abort();
  }, [key, code, language]);
  return known.get(key) ?? (tokens?.key === key ? tokens.lines : []);
}

/** Colours code with shiki, a few lines at a time: a long block does not hold up the page. Its own chunk. */
import { createCssVariablesTheme, createHighlighterCore, type GrammarState, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { grammars } from "./grammars";
import type { Language } from "./languages";

/** A piece of a line, and what it is: a keyword, a string. */
export interface Token {
  text: string;
  kind: string;
}

export type TokenLine = Token[];

const THEME = "css-variables";
/** How long the page may be held up, in milliseconds. */
const BUDGET = 12;
const LINES_AT_ONCE = 8;
/** A longer line is no code that somebody reads. */
const LONGEST_LINE = 1_000;

let loading: Promise<HighlighterCore> | undefined;
const languages = new Map<string, Promise<void>>();

async function highlighterFor(language: Language): Promise<HighlighterCore> {
  loading ??= createHighlighterCore({
    themes: [createCssVariablesTheme({ name: THEME })],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const highlighter = await loading;
  const known =
    languages.get(language.grammar) ??
    grammars[language.grammar]().then((loaded) => highlighter.loadLanguage(loaded.default));
  languages.set(language.grammar, known);
  await known.catch((error: unknown) => {
    languages.delete(language.grammar);
    throw error;
  });
  return highlighter;
}

/** Gives the lines that are done again and again, until all are or nobody wants them any more. */
export async function highlight(
  code: string,
  language: Language,
  signal: AbortSignal,
  onLines: (lines: TokenLine[]) => void,
): Promise<void> {
  const highlighter = await highlighterFor(language);
  const source = code.split("\n");
  const lines: TokenLine[] = [];
  let state: GrammarState | undefined;
  let pausedAt = performance.now();
  while (lines.length < source.length && !signal.aborted) {
    const piece = source.slice(lines.length, lines.length + LINES_AT_ONCE).join("\n");
    const tokens = highlighter.codeToTokensBase(piece, {
      lang: language.grammar,
      theme: THEME,
      grammarState: state,
      tokenizeMaxLineLength: LONGEST_LINE,
    });
    state = highlighter.getLastGrammarState(tokens);
    lines.push(...tokens.map((line) => line.map(({ content, color }) => ({ text: content, kind: kindOf(color) }))));
    if (performance.now() - pausedAt > BUDGET) {
      onLines([...lines]);
      await new Promise((resolve) => setTimeout(resolve));
      pausedAt = performance.now();
    }
  }
  if (!signal.aborted) {
    onLines(lines);
  }
}

/** The theme says what a token is as `var(--shiki-token-keyword)`. */
function kindOf(color: string | undefined): string {
  return /--shiki-token-([a-z-]+)/.exec(color ?? "")?.[1] ?? "";
}

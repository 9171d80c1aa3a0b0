/** The characters that the tokenizers of formulas look for, as micromark gives them: line endings and tabs are negative. */
import type { Code, TokenizeContext } from "micromark-util-types";

export const DOLLAR = 36;
export const BACKSLASH = 92;

/** Longer text is not a formula: this bounds the search for its end. */
export const LONGEST = 10_000;

export function isLineEnding(code: Code): boolean {
  return code !== null && code < -2;
}

export function isSpace(code: Code): boolean {
  return code === -2 || code === -1 || code === 32;
}

/** A space for what is no character of its own: the ends of lines and of the text. */
export function characterOf(code: Code): string {
  return code === null || code < 0 ? " " : String.fromCodePoint(code);
}

const unclosed = new WeakMap<TokenizeContext, Set<string>>();

/** The marks that a container or paragraph is known not to close: each is looked for once, else its length would count
 * twice. */
export function unclosedIn(context: TokenizeContext): Set<string> {
  const known = unclosed.get(context) ?? new Set();
  unclosed.set(context, known);
  return known;
}

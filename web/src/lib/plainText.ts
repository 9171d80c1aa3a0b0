/** Text without the marks of Markdown, for snippets. */

/** Marks that say how text looks, and none of which a reader misses. */
const MARKS: [RegExp, string][] = [
  [/^\s*```.*$/gm, ""],
  [/^\s*\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?\s*)?$/gm, ""],
  [/^\s{0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, ""],
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1"],
  [/(\*\*|~~|`+)/g, ""],
  [/(^|\W)__(?=\S)(.*?\S)__(?=\W|$)/g, "$1$2"],
  [/(^|[\s("'])[*_](?=[^\s*_])([^*_\n]*?)[*_](?=[\s).,;:!?"']|$)/gm, "$1$2"],
  [/[ \t]*\|[ \t]*/g, " "],
];

export function withoutMarks(text: string): string {
  return MARKS.reduce((shown, [mark, kept]) => shown.replace(mark, kept), text);
}

/** An excerpt of a document as running text: the lines of its pages end where there was no more room. */
export function excerptText(text: string): string {
  return withoutMarks(text).replace(/\s+/g, " ").trim();
}

interface Fragment {
  text: string;
  matched: boolean;
}

// Where a match begins and ends; no text that is stored has these characters.
const BEGIN = "\uE000";
const END = "\uE001";

/** The same for a snippet whose matches are marked: what matched stays so, wherever the marks of Markdown were. */
export function plainFragments(fragments: Fragment[]): Fragment[] {
  const joined = fragments.map(({ text, matched }) => (matched ? `${BEGIN}${text}${END}` : text)).join("");
  return withoutMarks(joined)
    .split(new RegExp(`(${BEGIN}[^${END}]*${END})`))
    .filter((part) => part !== "")
    .map((part) => ({ matched: part.startsWith(BEGIN), text: part.replace(new RegExp(`[${BEGIN}${END}]`, "g"), "") }));
}

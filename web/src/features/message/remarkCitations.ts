/** Finds the numbers of sources in the text of an answer: `[1]` and `[1, 3]`. */
import type { Parent, PhrasingContent, Root, RootContent, Text } from "mdast";
import { textOf } from "./mdastText";

const GROUP = /\s*\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]/g;
/** What stays on the line of a number that it follows. */
const CLOSING = /^[.,;:!?…)»”"'،؛؟。、，]+/;
/** A longer word may be left alone by its number, as it could not wrap together with it. */
const LONGEST = 30;

/**
 * Makes each number of a known source a `q` element with the number as its text. Markdown writes no `q`, so the caller
 * can tell it from everything else; code and links keep their brackets. Another `q` around a number, the word before it
 * and the punctuation after it says that they stay on one line.
 */
export function remarkCitations(known: ReadonlySet<number>) {
  return (tree: Root) => mark(tree, known);
}

function mark(parent: Parent, known: ReadonlySet<number>): void {
  const marked: RootContent[] = [];
  for (const child of parent.children) {
    if (child.type === "text") {
      split(child, known, marked);
      continue;
    }
    if ("children" in child && child.type !== "link" && child.type !== "linkReference") {
      mark(child, known);
    }
    marked.push(child);
  }
  parent.children = marked;
}

/** Adds a text to what stands before it. */
function split({ value }: Text, known: ReadonlySet<number>, found: RootContent[]): void {
  let end = 0;
  for (const match of value.matchAll(GROUP)) {
    const numbers = (match[1] ?? "").split(",").map(Number);
    if (numbers.every((number) => known.has(number))) {
      add(found, value.slice(end, match.index));
      const after = value.slice(match.index + match[0].length);
      const closing = CLOSING.exec(after)?.[0] ?? "";
      const chips = numbers.map((number) => quote([text(String(number))]));
      found.push(quote([...takeWord(found), ...chips, ...(closing === "" ? [] : [text(closing)])]));
      end = match.index + match[0].length + closing.length;
    }
  }
  add(found, value.slice(end));
}

function add(found: RootContent[], value: string): void {
  if (value !== "") {
    found.push(text(value));
  }
}

/** Takes away the last word before a number; short code, emphasis or another number with its word is one. */
function takeWord(found: RootContent[]): PhrasingContent[] {
  const last = found.at(-1);
  if (last?.type !== "text") {
    const isShort = last !== undefined && last.type !== "break" && textOf(last).length <= LONGEST;
    return isShort ? [found.pop() as PhrasingContent] : [];
  }
  const word = /\S+$/.exec(last.value)?.[0] ?? "";
  if (word === "" || word.length > LONGEST) {
    return [];
  }
  found.pop();
  add(found, last.value.slice(0, -word.length));
  return [text(word)];
}

function text(value: string): Text {
  return { type: "text", value };
}

function quote(children: PhrasingContent[]): PhrasingContent {
  return { type: "emphasis", data: { hName: "q" }, children };
}

/** Finds the numbers of sources in the text of an answer: `[1]` and `[1, 3]`. */
import type { Parent, PhrasingContent, Root, RootContent, Text } from "mdast";

/** No line ends here. */
const GLUE = "\u2060";
const GROUP = /\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]/g;

/**
 * Makes each number of a known source a `q` element with the number as its text. Markdown writes no `q`, so the caller
 * can tell it from everything else; code and links keep their brackets.
 */
export function remarkCitations(known: ReadonlySet<number>) {
  return (tree: Root) => mark(tree, known);
}

function mark(parent: Parent, known: ReadonlySet<number>): void {
  parent.children = parent.children.flatMap((child): RootContent[] => {
    if (child.type === "text") {
      return split(child, known);
    }
    if ("children" in child && child.type !== "link" && child.type !== "linkReference") {
      mark(child, known);
    }
    return [child];
  });
}

function split({ value }: Text, known: ReadonlySet<number>): PhrasingContent[] {
  const found: PhrasingContent[] = [];
  let end = 0;
  for (const match of value.matchAll(GROUP)) {
    const numbers = (match[1] ?? "").split(",").map(Number);
    if (numbers.every((number) => known.has(number))) {
      // A chip stays with the word before it and the mark behind it.
      const before = value.slice(end, match.index).replace(/ +$/, "");
      const behind = /^[.,;:!?…)\]”»]/.test(value.slice(match.index + match[0].length)) ? GLUE : "";
      found.push(text(before + GLUE), ...numbers.map(citation), text(behind));
      end = match.index + match[0].length;
    }
  }
  return [...found, text(value.slice(end))].filter((node) => node.type !== "text" || node.value !== "");
}

function text(value: string): Text {
  return { type: "text", value };
}

function citation(number: number): PhrasingContent {
  return { type: "emphasis", data: { hName: "q" }, children: [text(String(number))] };
}

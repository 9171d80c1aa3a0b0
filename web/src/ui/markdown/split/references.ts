/** What one block of a text says and others use: the addresses of links, and footnotes. */
import type { Block } from "./blocks";

export interface Footnote {
  id: string;
  source: string;
}

export interface References {
  /** Lines that define addresses, by their labels. */
  definitions: Map<string, string>;
  /** In the order in which the text refers to them; their place is their number. */
  footnotes: Footnote[];
}

const ADDRESS = /[ \t]*(?:\n[ \t]*)?(?:<[^<>\n]*>|[^\s<]\S*)/;
const TITLE = /[ \t]*\n?[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\))/;
const DEFINITION = new RegExp(
  `^ {0,3}\\[(?!\\^)((?:[^[\\]\\\\]|\\\\.)+)\\]:${ADDRESS.source}(?:${TITLE.source})?[ \\t]*(?:\\n|$)`,
);
const FOOTNOTE = /^ {0,3}\[\^([^\]\s]+)\]:/;
const REFERENCE = /\[\^([^\]\s]+)\](?!:)/g;
const LABEL = /\[((?:[^[\]\\]|\\.)+)\]/g;

/** Labels are the same whatever their case and spaces are. */
export function idOf(label: string): string {
  return label.replace(/\s+/g, " ").trim().toLowerCase().toUpperCase();
}

export function referencesOf(blocks: Block[]): References {
  const definitions = new Map<string, string>();
  const notes = new Map<string, Footnote>();
  const order = new Set<string>();
  for (const block of blocks) {
    if (block.kind === "code") {
      continue;
    }
    if (block.kind === "footnote") {
      const [mark = "", id = ""] = FOOTNOTE.exec(block.source) ?? [];
      const source = block.source.slice(mark.length).replace(/\n(?: {1,4}|\t)/g, "\n");
      notes.set(idOf(id), notes.get(idOf(id)) ?? { id: idOf(id), source: source.trimStart() });
    }
    if (block.kind === "text") {
      addDefinitions(block.source, definitions);
    }
    for (const [, id = ""] of block.source.matchAll(REFERENCE)) {
      order.add(idOf(id));
    }
  }
  return { definitions, footnotes: [...order].flatMap((id) => notes.get(id) ?? []) };
}

function addDefinitions(source: string, definitions: Map<string, string>): void {
  let rest = source;
  for (let match = DEFINITION.exec(rest); match !== null; match = DEFINITION.exec(rest)) {
    const [line, label = ""] = match;
    if (!definitions.has(idOf(label))) {
      definitions.set(idOf(label), line.trimEnd());
    }
    rest = rest.slice(line.length);
  }
}

/** The lines that a block needs of the others, to be parsed with it. */
export function linesFor(source: string, { definitions, footnotes }: References): string {
  if ((definitions.size === 0 && footnotes.length === 0) || !source.includes("[")) {
    return "";
  }
  const lines = new Set<string>();
  for (const [, label = ""] of source.matchAll(LABEL)) {
    const line = definitions.get(idOf(label));
    const note = label.startsWith("^") && footnotes.some(({ id }) => id === idOf(label.slice(1)));
    if (line !== undefined) {
      lines.add(line);
    } else if (note) {
      lines.add(`[${label}]: .`);
    }
  }
  return lines.size === 0 ? "" : `\n\n${[...lines].join("\n\n")}`;
}

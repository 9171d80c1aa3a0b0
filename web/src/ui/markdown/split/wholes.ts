/** Blocks whose end can be seen from their beginning: code, tables, formulas that are set off, and long HTML. Each
 * function gives the line after the block, or nothing where none begins at a line. */
import { closesFence, openFence } from "./fence";
import { endsTable, isBlank, indentOf } from "./lineKinds";
import { delimiterRow } from "./tableLines";

export interface CodeFence {
  kind: "code";
  /** The words behind the opening fence. */
  info: string;
  code: string;
  isClosed: boolean;
}

export interface TableLines {
  kind: "table";
  source: string;
  /** The row of names, and the row below that makes a table of it. */
  head: string;
  delimiters: string;
  rows: string[];
}

/** HTML that goes on over empty lines, and how it ends. */
const LONG_HTML: [RegExp, RegExp][] = [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [/^<![a-zA-Z]/, />/],
];

const FORMULAS = [
  { open: "$$", close: "$$", ending: /\$\$[.,;:]?[ \t]*$/ },
  { open: "\\[", close: "\\]", ending: /\\\][.,;:]?[ \t]*$/ },
];

function findFrom(lines: string[], at: number, matches: (line: string) => boolean): number | undefined {
  for (let index = at; index < lines.length; index += 1) {
    if (matches(lines[index] ?? "")) {
      return index;
    }
  }
  return undefined;
}

export function readCode(lines: string[], at: number): [CodeFence, number] | undefined {
  const fence = openFence(lines[at] ?? "");
  if (fence === undefined) {
    return undefined;
  }
  let end = at + 1;
  while (end < lines.length && !closesFence(lines[end] ?? "", fence.mark)) {
    end += 1;
  }
  const indentation = new RegExp(`^ {0,${fence.indent}}`);
  const code = lines.slice(at + 1, end).map((line) => line.replace(indentation, ""));
  return [{ kind: "code", info: fence.info, code: code.join("\n"), isClosed: end < lines.length }, end + 1];
}

export function readTable(lines: string[], at: number): [TableLines, number] | undefined {
  const head = lines[at] ?? "";
  const delimiters = delimiterRow(head, lines[at + 1]);
  if (delimiters === undefined) {
    return undefined;
  }
  let end = at + 2;
  while (end < lines.length && isRow(lines[end] ?? "")) {
    end += 1;
  }
  const source = lines.slice(at, end).join("\n");
  return [{ kind: "table", source, head, delimiters, rows: lines.slice(at + 2, end) }, end];
}

function isRow(line: string): boolean {
  return !isBlank(line) && indentOf(line) < 4 && !endsTable(line.trimStart()) && openFence(line) === undefined;
}

/** `unclosed` holds the marks that no line closes any more, so that they are looked for once. */
export function endOfFormula(lines: string[], at: number, unclosed: Set<string>): number | undefined {
  const rest = (lines[at] ?? "").trimStart();
  const formula = FORMULAS.find(({ open, close }) => rest.startsWith(open) && !unclosed.has(close));
  if (formula === undefined) {
    return undefined;
  }
  const { close, ending } = formula;
  const last = rest.includes(close, 2) ? at : findFrom(lines, at + 1, (line) => line.includes(close));
  if (last === undefined) {
    unclosed.add(close);
    return undefined;
  }
  const line = last === at ? rest.slice(2) : (lines[last] ?? "");
  return ending.test(line) ? last + 1 : undefined;
}

export function endOfHtml(lines: string[], at: number): number | undefined {
  const rest = (lines[at] ?? "").trimStart();
  const [, ending] = LONG_HTML.find(([opening]) => opening.test(rest)) ?? [];
  return ending === undefined ? undefined : (findFrom(lines, at, (line) => ending.test(line)) ?? lines.length - 1) + 1;
}

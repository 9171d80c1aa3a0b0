/** Makes a block that is still being written look as it will once it is whole. */
import { closesFence, openFence } from "../split/fence";
import { cellsOf, delimiterRow } from "../split/tableLines";
import { closeInlineMarks } from "./inlineMarks";

/** A line that may still become anything: a rule, an item of a list, the line below a heading. */
const UNDECIDED = /^[ \t>]*(?:[-=*_~#+|]+|[-+*] \[[ xX]?|\d{1,9}[.)]?)[ \t]*$/;
const DELIMITERS = /^[ \t]*[|:-][|:\- \t]*$/;
const CONTAINERS = /^(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*/;
/** What begins a text of its own: marks above it do not go on in it. */
const BEGINNING = /^[ \t>]*(?:#{1,6}[ \t]|[-+*][ \t](?:\[[ xX]\][ \t])?|\d{1,9}[.)][ \t]|>)/;

export function completeBlock(source: string): string {
  const lines = source.split("\n");
  if (isInFence(lines)) {
    return source;
  }
  const last = lines.at(-1) ?? "";
  const above = lines.slice(0, -1);
  if (isTableRow(last)) {
    return completeRow(above, last);
  }
  if (DELIMITERS.test(last) && isTableRow(above.at(-1) ?? "")) {
    return delimiterRow(above.at(-1) ?? "", last) === undefined
      ? completeRow(above.slice(0, -1), above.at(-1) ?? "")
      : source;
  }
  return UNDECIDED.test(last) && above.length > 0 ? completeBlock(above.join("\n")) : completeText(lines);
}

function isInFence(lines: string[]): boolean {
  let mark: string | undefined;
  for (const line of lines) {
    const inner = line.replace(CONTAINERS, "");
    if (mark === undefined) {
      mark = openFence(inner)?.mark;
    } else if (closesFence(inner, mark)) {
      mark = undefined;
    }
  }
  return mark !== undefined;
}

function isTableRow(line: string): boolean {
  return /^[ \t]*\|.*[^|:\- \t]/.test(line);
}

/** A row of a table, and below the first one the line that makes a table of it. */
function completeRow(above: string[], row: string): string {
  const start = row.search(/(?<!\\)\|(?=(?:\\.|[^|\\])*$)/) + 1;
  const whole = row.slice(0, start) + closeInlineMarks(row.slice(start));
  const isHead = !above.some((line, index) => delimiterRow(above[index - 1] ?? "", line) !== undefined);
  const delimiters = `|${cellsOf(whole)
    .map(() => "---|")
    .join("")}`;
  return [...above, ...(isHead ? ["", whole, delimiters] : [whole])].join("\n");
}

/** The last text of a block, from where it begins. */
function completeText(lines: string[]): string {
  const from = lines.findLastIndex((line) => /^[ \t]*$/.test(line) || BEGINNING.test(line));
  const beginning = BEGINNING.exec(lines[from] ?? "")?.[0] ?? "";
  const above = lines.slice(0, Math.max(from, 0));
  const text = lines.slice(Math.max(from, 0)).join("\n").slice(beginning.length);
  return [...above, beginning + closeInlineMarks(text)].join("\n");
}

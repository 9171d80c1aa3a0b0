/** What a line of Markdown can be on its own. Lines come without their indentation where that does not matter. */
import { htmlBlockNames } from "micromark-util-html-tag-name";

const HEADING = /^#{1,6}(?:[ \t]|$)/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const LIST_ITEM = /^(?:[-+*]|\d{1,9}([.)]))(?:[ \t]|$)/;
const INTERRUPTING_ITEM = /^(?:[-+*]|1[.)])[ \t]+\S/;
const FOOTNOTE = /^\[\^[^\]\s]+\]:/;
const FORMULA = /^(?:\$\$|\\\[)/;
const OPEN_FORMULA = /^(?:\$\$(?!.*\$\$)|\\\[(?!.*\\\]))/;
const TAG = /^<\/?([a-zA-Z][\w-]*)(?:[\s/>]|$)/;
const LONE_TAG = /^<\/?[a-zA-Z][\w-]*(?:\s[^<>]*)?>[ \t]*$/;

export const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);
export const isHeading = (line: string): boolean => HEADING.test(line);
export const isFootnote = (line: string): boolean => FOOTNOTE.test(line);

/** Four are code, or belong to the list above. */
export function indentOf(line: string): number {
  const space = /^[ \t]*/.exec(line)?.[0] ?? "";
  return space.includes("\t") ? 4 : space.length;
}

/** What marks a line as an item of a list: all items of one list have the same. */
export function markerOf(line: string): string | undefined {
  const [item, delimiter] = RULE.test(line) ? [] : (LIST_ITEM.exec(line) ?? []);
  return delimiter ?? item?.[0];
}

/** Whether a line may be the next item of a list. Of a number the dot may not be written yet. */
export function isNextItem(line: string, marker: string): boolean {
  return markerOf(line) === marker || (/[.)]/.test(marker) && /^\d{1,9}$/.test(line));
}

/** Whether a line begins a list directly below a paragraph. */
export function isInterruptingItem(line: string): boolean {
  return INTERRUPTING_ITEM.test(line) && markerOf(line) !== undefined;
}

/** Whether only an empty line ends what begins here: HTML, or a formula that is not closed yet. */
export function isOpaque(line: string, isBelowText: boolean): boolean {
  const name = TAG.exec(line)?.[1]?.toLowerCase() ?? "";
  return htmlBlockNames.includes(name) || (!isBelowText && LONE_TAG.test(line)) || OPEN_FORMULA.test(line);
}

/** Whether a line below a table is no row of it. */
export function endsTable(line: string): boolean {
  return [HEADING, RULE, LIST_ITEM, FOOTNOTE, FORMULA, TAG, /^>/].some((pattern) => pattern.test(line));
}

import type { Element } from "hast";
import type { FootnoteReference } from "mdast";
import { idOf } from "../split/references";

/** A reference is a mark in the text; its number is known only where the whole text is. */
export function footnoteReference(_: unknown, { identifier }: FootnoteReference): Element {
  return { type: "element", tagName: "sup", properties: { dataFootnote: idOf(identifier) }, children: [] };
}

/** The HTML that models put into Markdown because Markdown has no mark for it: line breaks, super- and subscripts, keys.
 * Only the names of these elements are taken, never an attribute. All other HTML is shown as it was written. */
import type { Element, ElementContent, Root, RootContent } from "hast";

const PAIRED = new Set([
  "b",
  "strong",
  "i",
  "em",
  "u",
  "s",
  "del",
  "ins",
  "sub",
  "sup",
  "kbd",
  "mark",
  "small",
  "code",
]);
const OPENING = /^<([a-z]+)(?:\s[^>]*)?>$/i;
const COMMENT = /^<!--[\s\S]*?(?:-->|$)/;
/** As an element keeps its own children apart, elements within one another are not deeper than this. */
const DEEPEST = 20;

type Parent = Root | Element;

export function rehypeInlineHtml() {
  return (tree: Root): void => replaceIn(tree, 0);
}

function replaceIn(parent: Parent, depth: number): void {
  const isBlock = parent.type === "root";
  const children: RootContent[] = [...parent.children];
  const found: RootContent[] = [];
  // What is not closed behind one element is not closed behind the next one.
  const unclosed = new Set<string>();
  for (let at = 0; at < children.length; at += 1) {
    const child = children[at];
    if (child?.type !== "raw") {
      if (child?.type === "element") {
        replaceIn(child, depth + 1);
      }
      found.push(...(child === undefined ? [] : [child]));
      continue;
    }
    const name = OPENING.exec(child.value)?.[1]?.toLowerCase() ?? "";
    const isPaired = PAIRED.has(name) && !unclosed.has(name) && depth < DEEPEST;
    const end = isPaired ? endOf(children, at, name) : -1;
    if (end === -1) {
      unclosed.add(name);
    }
    if (/^<br\s*\/?>$/i.test(child.value)) {
      found.push(element("br", []));
    } else if (end !== -1) {
      const inner = element(name, children.slice(at + 1, end) as ElementContent[]);
      replaceIn(inner, depth + 1);
      found.push(inner);
      at = end;
    } else {
      const text = child.value.replace(COMMENT, "").trim();
      found.push(...(text === "" ? [] : [shown(isBlock ? text : child.value, isBlock)]));
    }
  }
  parent.children = found;
}

function endOf(children: RootContent[], start: number, name: string): number {
  const closing = new RegExp(`^</${name}\\s*>$`, "i");
  return children.findIndex((child, index) => index > start && child.type === "raw" && closing.test(child.value));
}

function shown(value: string, isBlock: boolean): ElementContent {
  return isBlock ? element("p", [{ type: "text", value }]) : { type: "text", value };
}

function element(tagName: string, children: ElementContent[]): Element {
  return { type: "element", tagName, properties: {}, children };
}

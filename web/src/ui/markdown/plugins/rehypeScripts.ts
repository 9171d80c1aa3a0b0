/** What writing systems need: the direction of a block follows its text, and emphasis in Chinese, Japanese and Korean is
 * no slant. */
import type { Element, Root } from "hast";
import { textOf } from "./hast";

/** An outer block decides for those in it: their own attribute would take their text from it. */
const BLOCKS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table"]);
const CJK = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

export function rehypeScripts() {
  return (tree: Root): void => direct(tree);
}

function direct(parent: Root | Element): void {
  for (const child of parent.children) {
    if (child.type !== "element") {
      continue;
    }
    const isInner = parent.type === "element" && (child.tagName === "p" || parent.tagName === "blockquote");
    if (BLOCKS.has(child.tagName) && !isInner) {
      child.properties.dir = "auto";
    }
    if (child.tagName === "em" && CJK.test(textOf(child))) {
      child.properties.className = ["cjk"];
    }
    direct(child);
  }
}

import type { RootContent } from "mdast";

/** The text of a part of a Markdown text, without its marks. */
export function textOf(node: RootContent): string {
  if ("children" in node) {
    return node.children.map(textOf).join("");
  }
  return "value" in node ? node.value : "";
}

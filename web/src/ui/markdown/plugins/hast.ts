import type { Element, Root, RootContent } from "hast";

/** All text in an element. */
export function textOf(node: Root | RootContent): string {
  if (node.type === "text") {
    return node.value;
  }
  return "children" in node ? node.children.map(textOf).join("") : "";
}

export function classesOf({ properties }: Element): string[] {
  return Array.isArray(properties.className) ? properties.className.map(String) : [];
}

/** The elements within one that have a name. */
export function elementsIn(parent: Root | Element, tagName: string): Element[] {
  return parent.children.flatMap((child) => {
    if (child.type !== "element") {
      return [];
    }
    return [...(child.tagName === tagName ? [child] : []), ...elementsIn(child, tagName)];
  });
}

import type { Element, Root } from "hast";
import { elementsIn, textOf } from "../plugins/hast";
import { isNumeric } from "./columns";

/** Says by a class how the cells of a table are aligned: as Markdown says, or to the right where they are numbers. */
export function rehypeColumns() {
  return (tree: Root): void => {
    for (const table of elementsIn(tree, "table")) {
      alignTable(table);
    }
  };
}

function alignTable(table: Element): void {
  const rows = elementsIn(table, "tr").map((row) => row.children.filter((child) => child.type === "element"));
  const [head = [], ...body] = rows;
  head.forEach(({ properties }, column) => {
    const isFree = properties.align === undefined;
    const align = isFree && isNumeric(body.map((row) => cellText(row[column]))) ? "right" : properties.align;
    for (const cell of rows.flatMap((row) => row[column] ?? [])) {
      delete cell.properties.align;
      if (align === "right" || align === "center") {
        cell.properties.className = [`cell-${align}`];
      }
    }
  });
}

function cellText(cell: Element | undefined): string {
  return cell === undefined ? "" : textOf(cell);
}

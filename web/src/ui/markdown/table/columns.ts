/** Which columns of a table hold numbers: those stand at the right, one digit below the other. */
import { cellsOf } from "../split/tableLines";

const NUMBER =
  /^[~≈<>≤≥±+−–-]*\s*[$€£¥₹]?\s*[+−–-]?\d[\d\s.,'’_:]*(?:\s*(?:[×x/–-]|\/)\s*\d[\d.,]*)?\s*(?:%|‰|[$€£¥₹]|[a-zA-Zµμ°Ω]{1,4}(?:[/·][a-zA-Z]{1,3})?)?$/;
const NOTHING = /^(?:[-–—]|n\/a)?$/i;

/** Whether the texts of a column are numbers, with or without units. */
export function isNumeric(cells: string[]): boolean {
  const texts = cells.map((cell) => cell.replace(/[*_`]/g, "").trim());
  return texts.some((text) => NUMBER.test(text)) && texts.every((text) => NUMBER.test(text) || NOTHING.test(text));
}

/** The row below the head, with columns of numbers aligned to the right where nothing else is said. */
export function alignColumns(delimiters: string, rows: string[]): string {
  const cells = rows.map(cellsOf);
  const aligned = cellsOf(delimiters).map((delimiter, column) => {
    const isFree = !delimiter.includes(":");
    return isFree && isNumeric(cells.map((row) => row[column] ?? "")) ? "---:" : delimiter;
  });
  return `|${aligned.join("|")}|`;
}

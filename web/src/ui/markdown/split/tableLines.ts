/** The lines of a table, as GitHub has them. */

const DELIMITER = /^:?-+:?$/;

/** The cells of a row; a pipe with a backslash before it is text. */
export function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** The second line, where both together are the head of a table. */
export function delimiterRow(head: string, below: string | undefined): string | undefined {
  if (below === undefined || !head.includes("|") || !below.includes("-") || !/^ {0,3}[|:-]/.test(below)) {
    return undefined;
  }
  const delimiters = cellsOf(below);
  const isDelimiter = delimiters.every((cell) => DELIMITER.test(cell));
  return isDelimiter && delimiters.length === cellsOf(head).length ? below : undefined;
}

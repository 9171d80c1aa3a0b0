/** Comma-separated values as RFC 4180 has them. A name that begins like a formula is quoted, so that a spreadsheet
 * calculates nothing that somebody has put into a name. */
export function toCsv(rows: (string | number | null | undefined)[][]): string {
  return rows.map((row) => row.map(field).join(",") + "\r\n").join("");
}

function field(value: string | number | null | undefined): string {
  if (typeof value !== "string") {
    return String(value ?? "");
  }
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

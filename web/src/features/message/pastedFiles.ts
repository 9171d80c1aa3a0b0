/** Longer text, in characters, becomes a file. */
const TEXT_LIMIT = 3_000;

/** What of a paste is attached instead of written: files, or a text too long for a message, under this name. */
export function pastedFiles(pasted: DataTransfer, textName: string): File[] {
  const text = pasted.getData("text/plain");
  if (text.length > TEXT_LIMIT) {
    return [new File([text], textName, { type: "text/plain" })];
  }
  // A spreadsheet or a slide adds an image of its text.
  return text.trim() === "" ? [...pasted.files] : [];
}

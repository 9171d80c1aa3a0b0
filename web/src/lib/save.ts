/** Saving what the page itself has. */
import { readableName } from "./fileName";

export function saveBlob(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = readableName(name);
  link.click();
  URL.revokeObjectURL(url);
}

export function saveText(text: string, name: string): void {
  saveBlob(new Blob([text], { type: "text/plain;charset=utf-8" }), name);
}

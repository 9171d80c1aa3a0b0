/** The names of files, which strangers choose. */

/** Characters that are invisible or change the direction of text. The server removes the same ones from what it stores. */
const MISLEADING = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const EXTENSION = /(?<=.)\.[^.\s]{1,16}$/u;

/** A name that reads as it is: nothing in it can make `exe.pdf` of `fdp.exe`. */
export function readableName(name: string): string {
  return name.replace(MISLEADING, "");
}

/** A name without its extension, and the extension with its dot; empty where there is none. */
export function splitName(name: string): [stem: string, extension: string] {
  const at = EXTENSION.exec(name)?.index ?? name.length;
  return [name.slice(0, at), name.slice(at)];
}

/** Fences of code, as CommonMark has them. */

export interface Fence {
  /** Lines of the code lose as many spaces. */
  indent: number;
  mark: string;
  info: string;
}

const OPENING = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;

export function openFence(line: string): Fence | undefined {
  const [, indent = "", mark = "", info = ""] = OPENING.exec(line) ?? [];
  return mark === "" ? undefined : { indent: indent.length, mark, info: info.trim() };
}

export function closesFence(line: string, mark: string): boolean {
  const found = CLOSING.exec(line)?.[1] ?? "";
  return found.startsWith(mark);
}

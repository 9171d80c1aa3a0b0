import { wordOf } from "../code/languages";

export type PreviewKind = "mermaid" | "svg" | "html";

interface Previewed {
  kind: PreviewKind;
  /** What is shown at first. A page of HTML runs scripts: it waits until somebody wants to see it. */
  view: "preview" | "code";
}

/** A longer source, in characters, is shown as code only. */
const LONGEST = 100_000;

/** What a code can be shown as, if it is something to look at. */
export function previewKindOf(info: string, code: string): Previewed | undefined {
  const word = wordOf(info).toLowerCase();
  if (code.trim() === "" || code.length > LONGEST) {
    return undefined;
  }
  if (word === "mermaid" || word === "mmd") {
    return { kind: "mermaid", view: "preview" };
  }
  const isDrawing = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg[\s>]/i.test(code);
  if (isDrawing && ["svg", "xml", "html"].includes(word)) {
    return { kind: "svg", view: "preview" };
  }
  return ["html", "htm", "xhtml"].includes(word) ? { kind: "html", view: "code" } : undefined;
}

/** What a page must not contain, whatever the texts in it say. */

const FORBIDDEN = /^(script|object|embed|style|link|meta|base|form|video|audio|picture|source|template|dialog)$/i;
const ADDRESSES = /^(href|src|srcset|action|formaction|data|xlink:href|poster|background|ping)$/i;
const ACTING = /^(javascript|vbscript|data|file|blob):/;

/** What is in an element that could act or load. */
export function dangers(root: HTMLElement): string[] {
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const isFormula = element.closest(".katex") !== null;
    const isIcon = element.closest("svg.lucide") !== null;
    const isEmbedded = element.tagName === "IMG" && /^data:image\//.test(element.getAttribute("src") ?? "");
    const isPreview = element.tagName === "IFRAME" && element.getAttribute("sandbox") === "allow-scripts";
    const found: string[] = [];
    if (FORBIDDEN.test(element.tagName) || (element.tagName === "svg" && !isFormula && !isIcon)) {
      found.push(element.tagName);
    }
    if (element.tagName === "IFRAME" && !(isPreview && /^\/preview/.test(element.getAttribute("src") ?? ""))) {
      found.push("iframe");
    }
    for (const { name, value } of element.attributes) {
      const url = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      const isStyled = name === "style" && !isPreview && !(isFormula && !/url|fixed|absolute/.test(url));
      if (/^on/i.test(name) || isStyled || (ADDRESSES.test(name) && ACTING.test(url) && !isEmbedded)) {
        found.push(`${element.tagName} ${name}=${value}`);
      }
    }
    if (element.tagName === "IMG" && !isEmbedded && !/^\/[^/\\]/.test(element.getAttribute("src") ?? "/")) {
      found.push(`img ${element.getAttribute("src") ?? ""}`);
    }
    return found;
  });
}

/** A preview's side of the conversation with the page around it. */
import type { Report, Show } from "./messages";

export function report(message: Report): void {
  // It has no origin, and the page around it none that it could know: what is sent is no secret.
  window.parent.postMessage(message, "*");
}

/** Calls back with what is to be shown, and again when that changes. */
export function onShow(show: (message: Show) => void): void {
  window.addEventListener("message", ({ source, data }: MessageEvent<Partial<Show>>) => {
    if (source === window.parent && data.type === "show" && typeof data.source === "string") {
      show({ type: "show", source: data.source, isDark: data.isDark === true });
    }
  });
  report({ type: "ready" });
}

/** Tells the height of the content, now and whenever it changes. Browsers notice no change in a frame that is out of sight:
 * what it returns tells the height again. */
export function reportHeight(content: Element): () => void {
  const tell = () => report({ type: "height", height: Math.ceil(content.getBoundingClientRect().height) });
  new ResizeObserver(tell).observe(content);
  tell();
  return tell;
}

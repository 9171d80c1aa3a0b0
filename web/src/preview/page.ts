/** Shows a page of HTML, in a frame that has no access to the page around it, and no network. */
import { guard, replace } from "./guard";
import type { Show } from "./messages";
import { onShow, reportHeight } from "./parent";

let isShown = false;

onShow(({ source }: Show) => {
  // A page is shown once: what its scripts did cannot be undone.
  if (isShown) {
    return;
  }
  isShown = true;
  guard(window);
  write(source);
  window.addEventListener("load", reportHeight(document.documentElement));
});

/** Writes the page at once. What it would write in pieces itself could not be looked at whole, and is left out. */
function write(source: string): void {
  const writeMarkup = Reflect.get<Document, "write">(Document.prototype, "write");
  replace(Document.prototype, "write", () => undefined);
  replace(Document.prototype, "writeln", () => undefined);
  document.open();
  writeMarkup.call(document, source);
  document.close();
}

/** Shows a page of HTML, in a frame that has no access to the page around it, and no network. */
import type { Show } from "./messages";
import { onShow, reportHeight } from "./parent";

let isShown = false;

onShow(({ source }: Show) => {
  // A page is shown once: what its scripts did cannot be undone.
  if (isShown) {
    return;
  }
  isShown = true;
  document.open();
  document.write(source);
  document.close();
  reportHeight(document.documentElement);
});

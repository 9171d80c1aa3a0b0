/** Copying text, also without a secure context, where browsers hide the clipboard. */

/** Resolves to whether the text was copied. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // The person or a policy forbids it; the older way asks nobody.
  }
  return copySelected(text);
}

function copySelected(text: string): boolean {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.className = "sr-only";
  // A dialog takes the focus back from what is outside of it.
  (before?.closest("[role=dialog], [role=alertdialog]") ?? document.body).append(box);
  box.focus();
  box.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way without a secure context
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    box.remove();
    if (before instanceof HTMLElement) {
      before.focus();
    }
  }
}

/** What was typed and not sent, kept on this device until it is. */
const PREFIX = "draft:";

export function readDraft(place: string): string {
  return localStorage.getItem(PREFIX + place) ?? "";
}

export function keepDraft(place: string, text: string): void {
  if (text === "") {
    localStorage.removeItem(PREFIX + place);
  } else {
    localStorage.setItem(PREFIX + place, text);
  }
}

/** At the end of a session nothing of it stays on the device. */
export function forgetDrafts(): void {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => localStorage.removeItem(key));
}

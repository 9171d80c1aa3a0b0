/** What was typed and not sent, kept on this device until it is. */
const PREFIX = "draft:";

/** Where the device keeps it; a browser may forbid that, and then what is typed stays on the page alone. */
function kept(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

export function readDraft(place: string): string {
  return kept()?.getItem(PREFIX + place) ?? "";
}

export function keepDraft(place: string, text: string): void {
  if (text === "") {
    kept()?.removeItem(PREFIX + place);
    return;
  }
  try {
    kept()?.setItem(PREFIX + place, text);
  } catch {
    // The device is full.
  }
}

/** At the end of a session nothing of it stays on the device. */
export function forgetDrafts(): void {
  const storage = kept();
  Object.keys(storage ?? {})
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => storage?.removeItem(key));
}

/** A file that is to go with what is typed. */
export interface DraftFile {
  id: string;
  name: string;
}

const FILES = ":files";

export function readDraftFiles(place: string): DraftFile[] {
  try {
    return JSON.parse(readDraft(place + FILES) || "[]") as DraftFile[];
  } catch {
    return [];
  }
}

export function keepDraftFiles(place: string, files: DraftFile[]): void {
  keepDraft(place + FILES, files.length === 0 ? "" : JSON.stringify(files));
}

/** What was typed and not sent, until it is sent. */
import { useCallback, useSyncExternalStore } from "react";
import { FILES, keyOf, listen, read, SENDING, write } from "./draftStore";

/** A file that is to go with what is typed. */
export interface DraftFile {
  id: string;
  name: string;
  /** The type that the server detected. */
  media_type: string;
  /** In bytes. */
  size: number;
}

export interface Draft {
  text: string;
  files: DraftFile[];
}

/** Drafts that this page itself sends at the moment. */
const sending = new Set<string>();

function filesIn(text: string): DraftFile[] {
  try {
    return JSON.parse(text || "[]") as DraftFile[];
  } catch {
    return [];
  }
}

/** Takes a draft out of its box to send it: what is typed from now on is another one. */
export function takeDraft(place: string): Draft {
  const key = keyOf(place);
  const draft = { text: read(key), files: filesIn(read(key + FILES)) };
  sending.add(key);
  write(key + SENDING, JSON.stringify(draft));
  write(key, "");
  write(key + FILES, "");
  return draft;
}

/** Forgets a draft that was taken, or puts it back before what was typed meanwhile. */
export function settleDraft(place: string, { text, files }: Draft, wasSent: boolean): void {
  const key = keyOf(place);
  sending.delete(key);
  write(key + SENDING, "");
  if (!wasSent) {
    write(key, [text, read(key)].filter((one) => one !== "").join("\n"));
    const later = filesIn(read(key + FILES)).filter(({ id }) => files.every((file) => file.id !== id));
    const all = [...files, ...later];
    write(key + FILES, all.length === 0 ? "" : JSON.stringify(all));
  }
}

/** Writes a text for a person to go on with; what they typed themselves stays below it. */
export function fillDraft(place: string, text: string, fillings: readonly string[]): void {
  const typed = read(keyOf(place));
  const isOwn = typed.trim() !== "" && !fillings.includes(typed);
  write(keyOf(place), isOwn ? `${text}\n${typed}` : text);
}

/** Takes what is typed along to another place. */
export function moveDraft(from: string, to: string): void {
  for (const part of ["", FILES]) {
    write(keyOf(to) + part, read(keyOf(from) + part));
    write(keyOf(from) + part, "");
  }
}

/** Gives back what a page was sending that is no more. */
export function recoverDraft(place: string): void {
  const key = keyOf(place);
  const text = read(key + SENDING);
  if (text !== "" && !sending.has(key)) {
    try {
      settleDraft(place, JSON.parse(text) as Draft, false);
    } catch {
      write(key + SENDING, "");
    }
  }
}

/** What is typed at a place, the same wherever on the page it is shown. */
export function useDraft(place: string): [text: string, type: (text: string) => void] {
  const text = useSyncExternalStore(listen, () => read(keyOf(place)));
  return [text, useCallback((value: string) => write(keyOf(place), value), [place])];
}

/** The files that are to go with it. */
export function useDraftFiles(
  place: string,
): [files: DraftFile[], change: (edit: (files: DraftFile[]) => DraftFile[]) => void] {
  const text = useSyncExternalStore(listen, () => read(keyOf(place) + FILES));
  const change = useCallback(
    (edit: (files: DraftFile[]) => DraftFile[]) => {
      const key = keyOf(place) + FILES;
      const files = edit(filesIn(read(key)));
      write(key, files.length === 0 ? "" : JSON.stringify(files));
    },
    [place],
  );
  return [filesIn(text), change];
}

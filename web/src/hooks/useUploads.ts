import { useCallback, useState } from "react";
import { type Problem, problemOf } from "../api/problem";
import { upload } from "../api/upload";

export interface Sending {
  key: number;
  name: string;
  /** In bytes. */
  size: number;
  /** What has left, 0 to 1. */
  part: number;
  /** Why it was not taken. */
  refused?: Problem;
}

/** Uploads at once; the others wait for their turn. */
const AT_ONCE = 2;

/**
 * Files on their way to a path. One that was taken goes, and `onTaken` hears what was made of it; one that was refused
 * stays and says why, until it is chosen again. `onTaken` must not change from one rendering to the next.
 */
export function useUploads(path: string, onTaken: (made: unknown) => void) {
  const [sending, setSending] = useState<Sending[]>([]);

  const add = useCallback(
    (files: File[]) => {
      const waiting = files.map((file) => ({ file, key: Math.random() }));
      // React may call the updater later, when some have begun and wait no more: it gets a list of its own.
      const added = waiting.map(({ file, key }) => ({ key, name: file.name, size: file.size, part: 0 }));
      setSending((before) => [...before.filter((one) => !isRefusedBefore(one, files)), ...added]);
      const change = (key: number, news: Partial<Sending>) =>
        setSending((before) => before.map((one) => (one.key === key ? { ...one, ...news } : one)));
      const next = async (): Promise<void> => {
        const one = waiting.shift();
        if (one === undefined) {
          return;
        }
        const { file, key } = one;
        try {
          const made = await upload("POST", path, file, (part) => change(key, { part }));
          setSending((before) => before.filter((other) => other.key !== key));
          onTaken(made);
        } catch (error) {
          change(key, { refused: problemOf(error) });
        }
        return next();
      };
      for (let turn = 0; turn < AT_ONCE; turn++) {
        void next();
      }
    },
    [path, onTaken],
  );

  const dismiss = (key: number) => setSending((before) => before.filter((one) => one.key !== key));
  return { sending, add, dismiss };
}

/** The same file, tried once more, takes the place of its refusal. */
function isRefusedBefore({ name, size, refused }: Sending, files: File[]): boolean {
  return refused !== undefined && files.some((file) => file.name === name && file.size === size);
}

import { useEffect, useState } from "react";
import { type Problem, problemOf } from "../../api/problem";
import { recoverDraft, settleDraft, takeDraft } from "./draft";

interface Sending {
  /** With the ids of its files. */
  onSend: (content: string, files: string[]) => Promise<void>;
  /** Hears what is wrong with single files, by their ids. */
  onRefusedFiles: (reasons: Record<string, string>) => void;
}

/** Sends the draft of a place. What is typed meanwhile is the next draft; what was refused comes back before it. */
export function useSendDraft(place: string, { onSend, onRefusedFiles }: Sending) {
  const [error, setError] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);

  useEffect(() => recoverDraft(place), [place]);

  async function sendDraft() {
    if (isSending) {
      return;
    }
    setIsSending(true);
    setError(undefined);
    const draft = takeDraft(place);
    const ids = draft.files.map(({ id }) => id);
    try {
      await onSend(draft.text, ids);
      settleDraft(place, draft, true);
    } catch (failed) {
      settleDraft(place, draft, false);
      const reasons = fileReasons(problemOf(failed), ids);
      onRefusedFiles(reasons);
      setError(Object.keys(reasons).length === 0 ? failed : undefined);
    }
    setIsSending(false);
  }

  return { sendDraft, error };
}

/** What a problem says of the files of a message. */
function fileReasons({ errors }: Problem, ids: string[]): Record<string, string> {
  return Object.fromEntries(
    errors.flatMap(({ pointer, detail }) => {
      const index = /\/attachment_ids\/(\d+)$/.exec(pointer)?.[1];
      const id = index === undefined ? undefined : ids[Number(index)];
      return id === undefined ? [] : [[id, detail]];
    }),
  );
}

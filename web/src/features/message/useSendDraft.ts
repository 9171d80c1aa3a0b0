import { useEffect, useState } from "react";
import { recoverDraft, settleDraft, takeDraft } from "./draft";

/** Sends the draft of a place. What is typed meanwhile is the next draft; what was refused comes back before it. */
export function useSendDraft(place: string, onSend: (content: string, files: string[]) => Promise<void>) {
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
    try {
      await onSend(
        draft.text,
        draft.files.map(({ id }) => id),
      );
      settleDraft(place, draft, true);
    } catch (failed) {
      settleDraft(place, draft, false);
      setError(failed);
    }
    setIsSending(false);
  }

  return { sendDraft, error };
}

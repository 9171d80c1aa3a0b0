import { useCallback } from "react";
import { useUploads } from "../../hooks/useUploads";
import { type DraftFile, useDraftFiles } from "./draft";

/** Files that are to go with a message: uploaded at once, kept with what is typed. */
export function useAttachments(place: string) {
  const [files, change] = useDraftFiles(place);
  // The same bytes are the same file.
  const onTaken = useCallback(
    (made: unknown) => {
      const { id, name } = made as DraftFile;
      change((before) => [...before.filter((file) => file.id !== id), { id, name }]);
    },
    [change],
  );
  const { sending, add, dismiss } = useUploads("/api/v1/files", onTaken);
  return {
    files,
    sending,
    add,
    dismiss,
    isBusy: sending.some(({ refused }) => refused === undefined),
    remove: (id: string) => change((before) => before.filter((file) => file.id !== id)),
  };
}

import { useCallback, useEffect, useState } from "react";
import { useUploads } from "../../hooks/useUploads";
import { type DraftFile, keepDraftFiles, readDraftFiles } from "./draft";

/** Files that are to go with a message: uploaded at once, kept with what is typed. */
export function useAttachments(place: string) {
  const [files, setFiles] = useState(() => readDraftFiles(place));
  useEffect(() => keepDraftFiles(place, files), [place, files]);
  // The same bytes are the same file.
  const onTaken = useCallback((made: unknown) => {
    const { id, name } = made as DraftFile;
    setFiles((before) => [...before.filter((file) => file.id !== id), { id, name }]);
  }, []);
  const { sending, add, dismiss } = useUploads("/api/v1/files", onTaken);
  return {
    files,
    sending,
    add,
    dismiss,
    isBusy: sending.some(({ refused }) => refused === undefined),
    remove: (id: string) => setFiles((before) => before.filter((file) => file.id !== id)),
    clear: () => setFiles([]),
  };
}

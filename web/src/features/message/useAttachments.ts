import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { useUploads } from "../../hooks/useUploads";
import { attachmentKind } from "./attachmentKind";
import { type DraftFile, useDraftFiles } from "./draft";
import { MAX_IMAGE_BYTES, unreadableReason } from "./unreadableReason";

/** The model that will get the files, as far as it is known. */
export interface Reader {
  name: string;
  /** Whether it sees images; null if that is unknown. */
  vision?: boolean | null;
}

/** Files that will be sent with a message: uploaded at once, kept with the draft. */
export function useAttachments(place: string, reader?: Reader) {
  const { t } = useTranslation();
  const format = useFormat();
  // What the server refused when they were sent, by their ids.
  const [refused, setRefused] = useState<Record<string, string>>({});
  const [files, change] = useDraftFiles(place);
  // The same bytes are the same file.
  const onTaken = useCallback(
    (made: unknown) => {
      const { id, name, media_type, size } = made as DraftFile;
      change((before) => [...before.filter((file) => file.id !== id), { id, name, media_type, size }]);
    },
    [change],
  );
  const { sending, add, dismiss } = useUploads("/api/v1/files", onTaken);

  /** Why a file cannot be sent, or the model could do nothing with it. */
  function refusalOf(file: DraftFile): string | undefined {
    const reason = unreadableReason(file);
    if (reason !== undefined) {
      return t(`composer.unreadable.${reason}`, { limit: format.size(MAX_IMAGE_BYTES) });
    }
    const isUnseen = attachmentKind(file.media_type) === "image" && reader?.vision === false;
    return refused[file.id] ?? (isUnseen ? t("composer.noVision", { model: reader.name }) : undefined);
  }

  function remove(id: string): void {
    change((before) => before.filter((file) => file.id !== id));
    setRefused((before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== id)));
  }

  return {
    files,
    sending,
    add,
    dismiss,
    refusalOf,
    isUploading: sending.some(({ refused }) => refused === undefined),
    hasRefused: files.some((file) => refusalOf(file) !== undefined),
    refuse: setRefused,
    remove,
  };
}

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useUploads } from "../../hooks/useUploads";
import { attachmentKind } from "./attachmentKind";
import { type DraftFile, useDraftFiles } from "./draft";

/** The model that will get the files, as far as it is known. */
export interface Reader {
  name: string;
  /** Whether it sees images; null if that is unknown. */
  vision?: boolean | null;
}

/** Files that will be sent with a message: uploaded at once, kept with the draft. */
export function useAttachments(place: string, reader?: Reader) {
  const { t } = useTranslation();
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

  /** Why the model could do nothing with a file. */
  function refusalOf({ media_type }: DraftFile): string | undefined {
    const kind = attachmentKind(media_type);
    if (kind === "unreadable") {
      return t("composer.unreadable");
    }
    return kind === "image" && reader?.vision === false ? t("composer.noVision", { model: reader.name }) : undefined;
  }

  return {
    files,
    sending,
    add,
    dismiss,
    refusalOf,
    isUploading: sending.some(({ refused }) => refused === undefined),
    hasRefused: files.some((file) => refusalOf(file) !== undefined),
    remove: (id: string) => change((before) => before.filter((file) => file.id !== id)),
  };
}

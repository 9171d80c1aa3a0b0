import { useTranslation } from "react-i18next";
import { AttachmentTile } from "./AttachmentTile";
import { attachmentKind } from "./attachmentKind";
import type { useAttachments } from "./useAttachments";

/** The files that will be sent with a message, and those that are being uploaded. */
export function Attachments({ files, sending, refusalOf, remove, dismiss }: ReturnType<typeof useAttachments>) {
  const { t } = useTranslation();
  if (files.length + sending.length === 0) {
    return null;
  }
  return (
    <ul aria-label={t("composer.attachments")} className="flex flex-wrap gap-2 pb-1">
      {files.map((file) => {
        const kind = attachmentKind(file.media_type);
        return (
          <AttachmentTile
            key={file.id}
            name={file.name}
            size={file.size}
            kind={kind}
            imageId={kind === "image" ? file.id : undefined}
            refusal={refusalOf(file)}
            onRemove={() => remove(file.id)}
          />
        );
      })}
      {sending.map(({ key, name, size, part, refused }) => (
        <AttachmentTile
          key={key}
          name={name}
          size={size}
          kind="text"
          progress={part}
          refusal={refused === "" ? t("app.unreachable") : refused}
          onRemove={() => dismiss(key)}
        />
      ))}
    </ul>
  );
}

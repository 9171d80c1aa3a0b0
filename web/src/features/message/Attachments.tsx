import { useTranslation } from "react-i18next";
import { useUploadProblemText } from "../../hooks/useUploadProblemText";
import { AttachmentTile } from "./AttachmentTile";
import { attachmentKind } from "./attachmentKind";
import type { useAttachments } from "./useAttachments";

type Props = ReturnType<typeof useAttachments>;

/** The files that will be sent with a message, and those that are being uploaded. */
export function Attachments({ files, sending, hasRefused, refusalOf, remove, dismiss }: Props) {
  const { t } = useTranslation();
  const textOf = useUploadProblemText();
  if (files.length + sending.length === 0) {
    return null;
  }
  return (
    <div className="flex flex-col gap-1.5 pb-1">
      <ul aria-label={t("composer.attachments")} className="flex flex-wrap gap-2">
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
            refusal={refused && textOf(refused)}
            onRemove={() => dismiss(key)}
          />
        ))}
      </ul>
      {hasRefused && <p className="text-small text-text-2">{t("composer.removeRefused")}</p>}
    </div>
  );
}

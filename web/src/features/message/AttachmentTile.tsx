import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFileUrl } from "../../hooks/useFileUrl";
import { useFormat } from "../../hooks/useFormat";
import { readableName } from "../../lib/fileName";
import { FileName } from "../../ui/FileName";
import { IconButton } from "../../ui/IconButton";
import { type AttachmentKind, KIND_ICONS } from "./attachmentKind";

interface Props {
  name: string;
  /** In bytes. */
  size: number;
  kind: AttachmentKind;
  /** The uploaded image that is shown instead of an icon. */
  imageId?: string;
  /** How much has been uploaded, 0 to 1. */
  progress?: number;
  /** Why it cannot be sent, and what to do about it. */
  refusal?: string;
  onRemove: () => void;
}

/** A file that will be sent with a message: what it is, how far its upload is, or why it cannot be sent. */
export function AttachmentTile({ name, size, kind, imageId, progress, refusal, onRemove }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = KIND_ICONS[kind];
  return (
    <li
      className={`relative flex max-w-full items-center gap-2.5 rounded-button border pe-8 ${refusal === undefined ? "border-line bg-sunken" : "border-bad bg-bad-soft"}`}
    >
      {imageId === undefined ? (
        <Icon aria-hidden="true" className="my-2 ms-3 size-5 shrink-0 text-text-2" strokeWidth={1.7} />
      ) : (
        <Thumbnail id={imageId} />
      )}
      <span className="flex min-w-0 flex-col py-1.5">
        <FileName name={name} className="max-w-48 text-label" />
        {refusal !== undefined ? (
          <span role="alert" className="max-w-72 text-small text-bad">
            {refusal}
          </span>
        ) : progress === undefined ? (
          <span className="text-small text-text-3">{format.size(size)}</span>
        ) : (
          <progress
            className="h-1.5 w-28"
            aria-label={t("app.sent", { name: readableName(name) })}
            value={progress}
            max={1}
          />
        )}
      </span>
      <IconButton
        label={t("composer.remove", { name: readableName(name) })}
        icon={X}
        className="absolute end-0.5 top-0.5 size-7"
        onPress={onRemove}
      />
    </li>
  );
}

function Thumbnail({ id }: { id: string }) {
  const url = useFileUrl(id);
  const look = "size-14 shrink-0 rounded-button";
  return url === undefined ? (
    <span className={`${look} animate-pulse bg-hover`} />
  ) : (
    <img src={url} alt="" className={`${look} object-cover`} />
  );
}

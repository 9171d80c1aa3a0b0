/** Why no model could read a file, as the server decides when it is sent. */
import { attachmentKind } from "./attachmentKind";
import type { DraftFile } from "./draft";

/** The largest image that all providers accept, in bytes. */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;

const REASONS = [
  [/^image\//, "imageFormat"],
  [/^(audio|video)\//, "recording"],
  [/^application\/(msword|vnd\.ms-(excel|powerpoint))$/, "oldOffice"],
  [/^application\/vnd\.ms-outlook$/, "outlook"],
  [/^application\/x-ole-storage$/, "protected"],
  [/^application\/(zip|gzip|x-tar)$/, "archive"],
] as const;

/** Undefined for a file that can be read. */
export function unreadableReason({ media_type, size }: Pick<DraftFile, "media_type" | "size">) {
  if (size === 0) {
    return "empty";
  }
  const kind = attachmentKind(media_type);
  if (kind === "image") {
    return size > MAX_IMAGE_BYTES ? "imageSize" : undefined;
  }
  return kind === "unreadable" ? (REASONS.find(([pattern]) => pattern.test(media_type))?.[1] ?? "type") : undefined;
}

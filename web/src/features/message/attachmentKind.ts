/** What an attached file is to a model: an image it may see, a text that is read to it, or neither. */
import { File, FileSpreadsheet, FileText, Image, type LucideIcon, Presentation } from "lucide-react";

export type AttachmentKind = "image" | "text" | "table" | "slides" | "unreadable";

const OFFICE = "application/vnd.openxmlformats-officedocument.";

/** Kinds by the media type that the server detected; the server reads the text of these types. */
const KINDS: [RegExp, AttachmentKind][] = [
  [/^image\/(png|jpeg|webp|gif)$/, "image"],
  [/^text\/(csv|tab-separated-values)$/, "table"],
  [new RegExp(`^${OFFICE}spreadsheetml`), "table"],
  [new RegExp(`^${OFFICE}presentationml`), "slides"],
  [new RegExp(`^(text/|${OFFICE}|application/(pdf|json|xml|yaml|toml)$|message/rfc822$|image/svg)`), "text"],
];

export const KIND_ICONS: Record<AttachmentKind, LucideIcon> = {
  image: Image,
  text: FileText,
  table: FileSpreadsheet,
  slides: Presentation,
  unreadable: File,
};

export function attachmentKind(mediaType: string): AttachmentKind {
  return KINDS.find(([pattern]) => pattern.test(mediaType))?.[1] ?? "unreadable";
}

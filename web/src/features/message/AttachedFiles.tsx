import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { save } from "../../api/download";
import { useFileUrl } from "../../hooks/useFileUrl";
import { useFormat } from "../../hooks/useFormat";
import { readableName } from "../../lib/fileName";
import { FileName } from "../../ui/FileName";
import { Lightbox } from "../../ui/Lightbox";
import { toast } from "../../ui/Toast";
import { attachmentKind, KIND_ICONS } from "./attachmentKind";
import { useGetFileQuery } from "./messageApi";

/** The files of a message: images are shown and can be enlarged, others can be downloaded. */
export function AttachedFiles({ ids }: { ids: string[] }) {
  return (
    <ul className="ms-auto flex max-w-[80%] flex-wrap justify-end gap-2">
      {ids.map((id) => (
        <li key={id} className="max-w-full">
          <AttachedFile id={id} />
        </li>
      ))}
    </ul>
  );
}

function AttachedFile({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: file, isError } = useGetFileQuery({ id });
  if (isError) {
    return <span className="text-ui text-text-3">{t("message.fileGone")}</span>;
  }
  if (file === undefined) {
    return <span className="block h-14 w-40 animate-pulse rounded-button bg-hover" />;
  }
  const { size } = file;
  const name = readableName(file.name);
  const kind = attachmentKind(file.media_type);
  if (kind === "image") {
    return <AttachedImage id={id} name={name} />;
  }
  const Icon = KIND_ICONS[kind];
  const download = () =>
    save(`/api/v1/files/${id}/content`, name).catch((error: unknown) => {
      toast(problemOf(error).detail || t("app.unreachable"));
    });
  return (
    <Button
      aria-label={t("message.download", { name })}
      onPress={() => void download()}
      className="flex h-14 max-w-full cursor-pointer items-center gap-2.5 rounded-button border border-line bg-sunken px-3 text-start transition-colors hovered:bg-hover"
    >
      <Icon aria-hidden="true" className="size-5 shrink-0 text-text-2" strokeWidth={1.7} />
      <span className="flex min-w-0 flex-col">
        <FileName name={name} className="max-w-48 text-label" />
        <span className="text-small text-text-3">{format.size(size)}</span>
      </span>
    </Button>
  );
}

function AttachedImage({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const url = useFileUrl(id);
  const [isOpen, setIsOpen] = useState(false);
  if (url === undefined) {
    return <span className="block size-28 animate-pulse rounded-frame bg-hover" />;
  }
  return (
    <>
      <Button
        aria-label={t("markdown.enlarge", { name })}
        onPress={() => setIsOpen(true)}
        className="block cursor-pointer overflow-hidden rounded-frame border border-line"
      >
        <img src={url} alt={name} className="size-28 object-cover" />
      </Button>
      <Lightbox src={url} name={name} isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

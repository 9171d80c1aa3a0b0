import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { UploadList } from "../../ui/UploadList";
import type { useAttachments } from "./useAttachments";

/** The files that are to go with a message, and those on their way. */
export function Attachments({ files, sending, remove, dismiss }: ReturnType<typeof useAttachments>) {
  const { t } = useTranslation();
  return (
    <>
      <UploadList sending={sending} onDismiss={dismiss} />
      {files.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {files.map(({ id, name }) => (
            <li key={id} className="flex max-w-full items-center rounded-lg border border-line pl-3 text-sm">
              <span className="truncate">{name}</span>
              <Button look="quiet" aria-label={t("message.detach", { name })} onPress={() => remove(id)}>
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

import { useCallback } from "react";
import { DropZone, FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { useUploads } from "../../hooks/useUploads";
import { Button } from "../../ui/Button";
import { Uploading } from "../../ui/Uploading";
import { knowledgeApi } from "./knowledgeApi";

/** Where documents are dropped or chosen, and how far each is on its way. */
export function Uploads({ base }: { base: string }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const onTaken = useCallback(
    () => void dispatch(knowledgeApi.util.invalidateTags(["DocumentList", "Knowledge"])),
    [dispatch],
  );
  const { sending, add, dismiss } = useUploads(`/api/v1/knowledge-bases/${base}/documents`, onTaken);
  return (
    <section aria-label={t("knowledge.upload")} className="flex flex-col gap-3">
      <DropZone
        aria-label={t("knowledge.drop")}
        className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-dashed border-line p-4 data-drop-target:bg-hover"
        onDrop={({ items }) => {
          const files = items.filter((item) => item.kind === "file").map((item) => item.getFile());
          void Promise.all(files).then(add);
        }}
      >
        <p className="text-sm text-faint">{t("knowledge.drop")}</p>
        <FileTrigger allowsMultiple onSelect={(files) => add([...(files ?? [])])}>
          <Button look="primary">{t("knowledge.choose")}</Button>
        </FileTrigger>
      </DropZone>
      <Uploading sending={sending} onDismiss={dismiss} />
    </section>
  );
}

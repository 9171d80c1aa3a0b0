import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { useUploads } from "../../hooks/useUploads";
import { DropFiles } from "../../ui/DropFiles";
import { UploadList } from "../../ui/UploadList";
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
      <DropFiles label={t("knowledge.drop")} action={t("knowledge.choose")} allowsMultiple onFiles={add} />
      <UploadList sending={sending} onDismiss={dismiss} />
    </section>
  );
}

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { useUploads } from "../../hooks/useUploads";
import { DropFiles } from "../../ui/DropFiles";
import { Failed } from "../../ui/Failed";
import { UploadList } from "../../ui/UploadList";
import { ImportResult } from "./ImportResult";
import { type Imported, useStartImportMutation } from "./portabilityApi";

/** Takes over what a file holds: uploaded, then read by the server, which tells how far it is. */
export function ImportFile() {
  const { t } = useTranslation();
  const [start, { data: started, error }] = useStartImportMutation();
  const { job, isRunning, error: lost } = useJob(started);
  const onTaken = useCallback(
    (file: unknown) => void start({ startImport: { file_id: (file as { id: string }).id } }),
    [start],
  );
  const { sending, add, dismiss } = useUploads("/api/v1/files", onTaken);
  const failed = error ?? lost;
  return (
    <section aria-label={t("portability.import")} className="flex flex-col gap-4 rounded-card border border-line p-5">
      <h2 className="text-section">{t("portability.import")}</h2>
      <p className="max-w-form text-text-2">{t("portability.importHint")}</p>
      <DropFiles
        label={t("portability.drop")}
        hint={t("portability.accepted")}
        action={t("portability.choose")}
        acceptedFileTypes={[".zip", ".json"]}
        isPending={isRunning}
        onFiles={add}
      />
      <UploadList sending={sending} onDismiss={dismiss} />
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <div role="status">
        {isRunning && job !== undefined && t("portability.importing", { count: job.progress.done })}
        {job?.status === "completed" && <ImportResult result={job.result as Imported} file={job.subject ?? ""} />}
      </div>
      {job?.status === "failed" && <Failed problem={{ detail: t("portability.failed"), cause: job.error }} />}
    </section>
  );
}

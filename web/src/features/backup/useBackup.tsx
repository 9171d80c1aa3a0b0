import { Archive } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/Toast";
import { useCreateBackupMutation } from "./backupApi";

/** Creates a backup while everything goes on: the button for the head of the page, and the progress for below it. */
export function useBackup(onMade: () => unknown) {
  const { t } = useTranslation();
  const [create, { data: begun, error }] = useCreateBackupMutation();
  const { job, isRunning, error: lost } = useJob(begun);
  const failed = error ?? lost;
  const status = job?.status;
  useEffect(() => {
    if (status === "completed") {
      toast(t("backup.made"));
      onMade();
    }
  }, [status, onMade, t]);
  const button = (
    <Button look="primary" isPending={isRunning} onPress={() => void create()}>
      <Archive aria-hidden="true" />
      {t("backup.make")}
    </Button>
  );
  const progress = (
    <>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      {status === "failed" && <Failed problem={{ detail: t("app.failed"), cause: job?.error }} />}
      {isRunning && job !== undefined && (
        <p role="status" className="rounded-frame border border-line bg-sunken px-4 py-2.5">
          <Status>{t("backup.making", { count: job.progress.done })}</Status>
        </p>
      )}
    </>
  );
  return { button, progress };
}

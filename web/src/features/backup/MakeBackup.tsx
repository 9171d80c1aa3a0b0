import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { Failed } from "../../ui/Failed";
import { useCreateBackupMutation } from "./backupApi";

interface Props {
  onMade: () => void;
}

/** Makes a backup while everything goes on, and says how far it is. */
export function MakeBackup({ onMade }: Props) {
  const { t } = useTranslation();
  const [create, { data: begun, error }] = useCreateBackupMutation();
  const { job, isRunning, error: lost } = useJob(begun);
  const failed = error ?? lost;
  const status = job?.status;
  useEffect(() => {
    if (status === "completed") {
      onMade();
    }
  }, [status, onMade]);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button look="primary" isPending={isRunning} onPress={() => void create()}>
        {t("backup.make")}
      </Button>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <span role="status" className="text-sm">
        {isRunning && job !== undefined && t("backup.making", { done: job.progress.done })}
        {status === "completed" && <Status look="good">{t("backup.made")}</Status>}
        {status === "failed" && <Status look="bad">{job?.error ?? t("app.failed")}</Status>}
      </span>
    </div>
  );
}

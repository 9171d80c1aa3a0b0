import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { BackupList } from "../../features/backup/BackupList";
import { RestoreGuide } from "../../features/backup/RestoreGuide";
import { useListBackupsQuery } from "../../features/backup/backupApi";
import { useBackup } from "../../features/backup/useBackup";
import { Failed } from "../../ui/Failed";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";

/** How often the folder is read while somebody looks, in milliseconds. */
const LOOK = 10_000;

export function Component() {
  const { t } = useTranslation();
  const { data, error, refetch } = useListBackupsQuery(undefined, {
    pollingInterval: LOOK,
    skipPollingIfUnfocused: true,
  });
  const { button, progress } = useBackup(refetch);
  const isRefused = data === undefined && error !== undefined && !isTransient(error);
  return (
    <Page title={t("backup.backups")} description={t("backup.description")} actions={button}>
      {progress}
      {isRefused && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {data === undefined && !isRefused && <Skeleton lines={5} />}
      {data !== undefined && (
        <>
          <BackupList backups={data} />
          <RestoreGuide file={data.items[0]?.name} isScheduled={data.every_hours != null} />
        </>
      )}
    </Page>
  );
}

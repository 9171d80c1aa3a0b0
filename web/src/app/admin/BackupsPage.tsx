import { problemOf } from "../../api/problem";
import { BackupList } from "../../features/backup/BackupList";
import { MakeBackup } from "../../features/backup/MakeBackup";
import { useListBackupsQuery } from "../../features/backup/backupApi";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { AdminRoom } from "./AdminRoom";

/** How often it is looked for new ones, in milliseconds. */
const LOOK = 10_000;

export function Component() {
  const { data, isLoading, error, refetch } = useListBackupsQuery(undefined, {
    pollingInterval: LOOK,
    skipPollingIfUnfocused: true,
  });
  return (
    <AdminRoom title="backup.backups" actions={<MakeBackup onMade={refetch} />}>
      {isLoading && <Skeleton />}
      {error !== undefined && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {data !== undefined && <BackupList backups={data} />}
    </AdminRoom>
  );
}

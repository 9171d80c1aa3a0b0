import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { Failed } from "../../ui/Failed";
import { useVerifyEventsMutation } from "./logApi";

/** Recomputes the chain of the log, and says whether anything was changed behind it. */
export function Verify() {
  const { t } = useTranslation();
  const [verify, { data: begun, error }] = useVerifyEventsMutation();
  const { job, isRunning, error: lost } = useJob(begun);
  const failed = error ?? lost;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button isPending={isRunning} onPress={() => void verify()}>
        {t("log.verify")}
      </Button>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      {job !== undefined && (
        <span role="status" className="text-sm">
          {isRunning && t("log.verifying", { done: job.progress.done })}
          {job.status === "completed" && <Verdict found={job.result as Found} />}
          {job.status === "failed" && <Status look="bad">{job.error ?? t("app.failed")}</Status>}
        </span>
      )}
    </div>
  );
}

/** What the job has found, as `events verify` tells it. */
interface Found {
  events: number;
  broken: { position: number; detail?: string } | null;
}

function Verdict({ found: { events, broken } }: { found: Found }) {
  const { t } = useTranslation();
  return broken === null ? (
    <Status look="good">{t("log.intact", { count: events })}</Status>
  ) : (
    <>
      <Status look="bad">{t("log.broken", { position: broken.position })}</Status>
      {broken.detail !== undefined && <p className="mt-1 max-w-prose">{broken.detail}</p>}
    </>
  );
}

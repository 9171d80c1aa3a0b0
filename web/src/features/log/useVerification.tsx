import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Details } from "../../ui/Details";
import { Failed } from "../../ui/Failed";
import { Status } from "../../ui/Status";
import { useVerifyEventsMutation } from "./logApi";

/** Recomputes the chain of the log: the button for the head of the page, and the result for below it. */
export function useVerification() {
  const { t } = useTranslation();
  const [verify, { data: started, error }] = useVerifyEventsMutation();
  const { job, isRunning, error: lost } = useJob(started);
  const failed = error ?? lost;
  const button = (
    <Button isPending={isRunning} onPress={() => void verify()}>
      <ShieldCheck aria-hidden="true" />
      {t("log.verify")}
    </Button>
  );
  const result = (
    <>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      {job !== undefined && <Result job={job} />}
    </>
  );
  return { button, result };
}

/** What the job has found, as `events verify` reports it. */
interface Found {
  events: number;
  broken: { position: number; detail?: string } | null;
}

function Result({ job: { status, progress, result, error } }: { job: Job }) {
  const { t } = useTranslation();
  if (status === "failed" || status === "cancelled") {
    return <Failed problem={{ detail: t("app.failed"), cause: error }} />;
  }
  const { events, broken } = (result ?? { events: progress.done, broken: null }) as Found;
  if (broken !== null) {
    return (
      <Alert>
        {t("log.broken", { position: broken.position })}
        {broken.detail !== undefined && <Details>{broken.detail}</Details>}
      </Alert>
    );
  }
  const isDone = status === "completed";
  return (
    <p role="status" className="rounded-frame border border-line bg-sunken px-4 py-2.5">
      <Status look={isDone ? "good" : "plain"}>
        {t(isDone ? "log.intact" : "log.verifying", { count: isDone ? events : progress.done })}
      </Status>
    </p>
  );
}

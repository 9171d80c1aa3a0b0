import { skipToken } from "@reduxjs/toolkit/query/react";
import { generatedApi, type Job } from "../api/generated";

/** How often a job is looked at while it runs, in milliseconds. */
const LOOK = 500;

/** A job that was begun, as it is now; it is looked at until it has ended. */
export function useJob(begun: Job | undefined) {
  const which = begun === undefined ? skipToken : { id: begun.id };
  const { currentData, error } = generatedApi.endpoints.getJob.useQueryState(which);
  const job = currentData ?? begun;
  const isRunning = job !== undefined && (job.status === "queued" || job.status === "running");
  generatedApi.endpoints.getJob.useQuerySubscription(which, { pollingInterval: isRunning ? LOOK : 0 });
  return { job, isRunning, error };
}

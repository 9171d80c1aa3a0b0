import { skipToken } from "@reduxjs/toolkit/query/react";
import { generatedApi, type Job } from "../api/generated";

/** How often a running job is polled, in milliseconds. */
const POLL_INTERVAL = 500;

/** The current state of a job that was started; polled until it has ended. */
export function useJob(started: Job | undefined) {
  const which = started === undefined ? skipToken : { id: started.id };
  const { currentData, error } = generatedApi.endpoints.getJob.useQueryState(which);
  const job = currentData ?? started;
  const isRunning = job !== undefined && (job.status === "queued" || job.status === "running");
  generatedApi.endpoints.getJob.useQuerySubscription(which, { pollingInterval: isRunning ? POLL_INTERVAL : 0 });
  return { job, isRunning, error };
}

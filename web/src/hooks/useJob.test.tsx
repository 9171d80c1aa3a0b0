import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Job } from "../api/generated";
import { answer, asked } from "../test/contract";
import { show } from "../test/show";
import { useJob } from "./useJob";

const QUEUED: Job = {
  id: "j",
  kind: "verify_events",
  status: "queued",
  progress: { done: 0, total: null, unit: "events" },
  created_at: "2026-01-01T00:00:00Z",
};

function Part() {
  const { job, isRunning } = useJob(QUEUED);
  return <p>{`${job?.status ?? ""} ${isRunning}`}</p>;
}

afterEach(() => void vi.useRealTimers());

it("looks at a job until it has ended, and no longer", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
  answer("getJob", { ...QUEUED, status: "running" });
  show(<Part />);
  await screen.findByText("running true");
  answer("getJob", { ...QUEUED, status: "completed" });
  await vi.advanceTimersByTimeAsync(1_000);
  await screen.findByText("completed false");
  const looks = asked.length;
  expect(looks).toBeGreaterThan(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(looks);
});

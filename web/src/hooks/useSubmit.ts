import { useState } from "react";
import { problemOf } from "../api/problem";

/** Sends what a form holds: whether that is under way, and what was wrong with it. What was typed is the form's to keep. */
export function useSubmit<T>(send: (given: T) => Promise<unknown>) {
  const [failed, setFailed] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function submit(given: T) {
    setBusy(true);
    setFailed(undefined);
    await send(given).catch(setFailed);
    setBusy(false);
  }

  return { submit, busy, problem: failed === undefined ? undefined : problemOf(failed) };
}

import { useState } from "react";
import { problemOf } from "../api/problem";

/** Sends the values of a form: whether that is under way, and what was wrong with them. The form keeps what was typed. */
export function useSubmit<T>(send: (given: T) => Promise<unknown>) {
  const [failed, setFailed] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  /** Whether they were accepted. */
  async function submit(given: T): Promise<boolean> {
    setBusy(true);
    setFailed(undefined);
    const isAccepted = await send(given).then(
      () => true,
      (error: unknown) => {
        setFailed(error);
        return false;
      },
    );
    setBusy(false);
    return isAccepted;
  }

  return { submit, busy, problem: failed === undefined ? undefined : problemOf(failed) };
}

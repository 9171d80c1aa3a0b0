import { useEffect } from "react";
import { useStore } from "react-redux";
import { baseApi } from "../api/baseApi";
import { live } from "../api/live";
import { isTransient } from "../api/problem";
import type { makeStore } from "./store";

/** Between two looks for what failed, in milliseconds: grows while it goes on failing. */
const PAUSE = 2_000;
const LONGEST = 30_000;

type Store = ReturnType<typeof makeStore>;
interface Known {
  status: string;
  endpointName?: string;
  originalArgs?: unknown;
  error?: unknown;
}
type Initiate = (args: unknown, options: { subscribe: false; forceRefetch: true }) => never;

/** What failed for a reason that passes. */
function failed(store: Store): Known[] {
  const queries: Record<string, Known | undefined> = store.getState()[baseApi.reducerPath].queries;
  return Object.values(queries).flatMap((query) =>
    query?.status === "rejected" && query.endpointName !== undefined && isTransient(query.error) ? [query] : [],
  );
}

function readAgain(store: Store): void {
  const endpoints = baseApi.endpoints as Record<string, { initiate: Initiate } | undefined>;
  for (const { endpointName = "", originalArgs } of failed(store)) {
    const initiate = endpoints[endpointName]?.initiate;
    if (initiate !== undefined) {
      store.dispatch(initiate(originalArgs, { subscribe: false, forceRefetch: true }));
    }
  }
}

/** Reads again what failed while the server, its database or a proxy was away: at once when the live connection is back,
 * and from time to time. */
export function useRecovery(): void {
  const store = useStore() as Store;
  useEffect(() => {
    let pause = PAUSE;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const isAny = failed(store).length > 0;
      if (isAny && document.visibilityState === "visible") {
        readAgain(store);
      }
      pause = isAny ? Math.min(LONGEST, pause * 2) : PAUSE;
      timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, pause);
    const stop = live.onChange(() => {
      if (live.transport() !== "none") {
        readAgain(store);
      }
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store]);
}

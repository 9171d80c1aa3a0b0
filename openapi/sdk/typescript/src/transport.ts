/** Sends calls, and repeats them after transient failures. */

import { type Call, contentsOf, urlOf } from "./call.js";
import { ConvoSphereError, NetworkError, ProblemError, problemOf } from "./errors.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;
/** A server that wants a longer pause gets none: the caller decides. */
const LONGEST_RETRY_AFTER = 60;

/** A successful response with its complete body. */
export interface Received {
  headers: Headers;
  body: string;
}

export interface Transport {
  fetch: typeof fetch;
  sleep: typeof sleep;
  baseUrl: string;
  retries: number;
  /** In milliseconds. */
  timeout: number;
}

/** Sends a call and receives the complete response. */
export function receive(transport: Transport, call: Call, token?: string): Promise<Received> {
  return repeat(transport, call, token, async (response) => ({ headers: response.headers, body: await response.text() }));
}

/** Sends a call whose response is read piece by piece. */
export function open(transport: Transport, call: Call, token?: string): Promise<Response> {
  return repeat(transport, call, token, (response) => Promise.resolve(response));
}

async function repeat<T>(
  transport: Transport,
  call: Call,
  token: string | undefined,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt(transport, call, token, read);
    } catch (error) {
      const pause = error instanceof ConvoSphereError ? pauseBeforeRetry(error, call, failures) : undefined;
      if (pause === undefined || failures > transport.retries) {
        throw error;
      }
      await transport.sleep(pause, call.options?.signal);
    }
  }
}

async function attempt<T>(
  transport: Transport,
  call: Call,
  token: string | undefined,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const url = urlOf(call, transport.baseUrl);
  const { headers, body } = contentsOf(call, token);
  const { signal } = call.options ?? {};
  // The duration of an upload depends on its size.
  const timeout = call.options?.timeout ?? (call.upload ? undefined : transport.timeout);
  const late = new AbortController();
  const timer = timeout && setTimeout(() => late.abort(new Error(`no response within ${timeout} ms`)), timeout);
  try {
    const signals = [late.signal, ...(signal ? [signal] : [])];
    const init = { method: call.method, headers, body, signal: AbortSignal.any(signals) };
    const response = await transport.fetch(url, init);
    if (response.ok) {
      return await read(response);
    }
    throw problemOf(response, await response.text());
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof ConvoSphereError ? error : new NetworkError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** How long to wait before the next attempt; undefined if the call must not or should not be repeated. */
function pauseBeforeRetry(error: ConvoSphereError, call: Call, failures: number): number | undefined {
  if (!error.isTransient || (call.repeat === "once" && error.mayBeExecuted)) {
    return undefined;
  }
  if (error instanceof ProblemError && error.retryAfter !== undefined) {
    return error.retryAfter <= LONGEST_RETRY_AFTER ? error.retryAfter * 1_000 : undefined;
  }
  return pauseAfter(failures);
}

/** A pause that doubles with each failure, shortened at random so that clients do not come back together. */
export function pauseAfter(failures: number): number {
  const longest = Math.min(FIRST_PAUSE * 2 ** Math.min(failures - 1, 8), LONGEST_PAUSE);
  return longest * (1 - Math.random() / 4);
}

/** Waits, unless the signal ends it. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** The session of this tab: the access token lives in memory alone, the refresh token in a cookie that no script reads. */
import type { TokenPair } from "./generated";

type Listener = () => void;

/** Seconds before its end in which a token is not begun with any more. */
const MARGIN = 30;

let accessToken: string | undefined;
let endsAt = 0;
let renewing: Promise<TokenPair | undefined> | undefined;
const listeners = new Set<Listener>();

export function token(): string | undefined {
  return accessToken;
}

export function keep(pair: TokenPair): void {
  accessToken = pair.access_token;
  endsAt = Date.now() + (pair.expires_in - MARGIN) * 1000;
}

/** A token that is good for a while: the one at hand, else a new one. */
export async function freshToken(): Promise<string | undefined> {
  if (accessToken !== undefined && Date.now() < endsAt) {
    return accessToken;
  }
  return (await renew())?.access_token;
}

/** Forgets the token, and tells who asked to know. */
export function forget(): void {
  accessToken = undefined;
  listeners.forEach((listener) => listener());
}

export function onForgotten(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A new access token for the cookie; undefined where there is no session. Rejects where the server is not reached. */
export function renew(): Promise<TokenPair | undefined> {
  renewing ??= ask().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function ask(): Promise<TokenPair | undefined> {
  const response = await fetch("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (response.ok) {
    const pair = (await response.json()) as TokenPair;
    keep(pair);
    return pair;
  }
  if (response.status >= 500 || response.status === 429) {
    throw new Error(`the server answers ${response.status}`);
  }
  return undefined;
}

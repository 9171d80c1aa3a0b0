/** The session of this tab: the access token lives in memory alone, the refresh token in a cookie that no script reads. */
import type { TokenPair } from "./generated";

/** Why a session is forgotten: the person signed out, or it was ended elsewhere. */
export type Reason = "signedOut" | "ended";

type Listener = (reason: Reason) => void;

/** A token is renewed this many seconds before it expires. */
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

/** A token that stays valid for a while: the current one, else a new one. */
export async function freshToken(): Promise<string | undefined> {
  if (accessToken !== undefined && Date.now() < endsAt) {
    return accessToken;
  }
  return (await renew())?.access_token;
}

/** Forgets the token and notifies the listeners. */
export function forget(reason: Reason): void {
  accessToken = undefined;
  listeners.forEach((listener) => listener(reason));
}

export function onForgotten(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A new access token for the cookie; undefined where there is no session. Rejects where the server is not reached. */
export function renew(): Promise<TokenPair | undefined> {
  renewing ??= inTurn(ask).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** One tab after the other: each must use the cookie that the one before it was given. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Not there without a secure context.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks === undefined ? task() : (locks.request("convosphere-refresh", task) as Promise<T>);
}

async function ask(): Promise<TokenPair | undefined> {
  const response = await fetch("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
    redirect: "manual",
  });
  // What a proxy says, a page that asks to sign in for example, is not the server's word on the session.
  const isOurs = (response.headers.get("content-type") ?? "").includes("json");
  if (response.ok && isOurs) {
    const pair = (await response.json()) as TokenPair;
    keep(pair);
    return pair;
  }
  if (!isOurs || response.status >= 500 || response.status === 429) {
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    const data: unknown = isOurs ? await response.json().catch(() => undefined) : undefined;
    throw Object.assign(new Error(`the server answers ${response.status}`), { status, data });
  }
  return undefined;
}

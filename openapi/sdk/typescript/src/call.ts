/** What a request sends, and whether it may be repeated. */

import type { components, operations } from "./schema.js";

/** The objects of the API. */
export type Schemas = components["schemas"];

/** The parameters of the query of an operation. */
export type Query<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["query"]>;

/** A page of a list. */
export interface Page<Item = unknown> {
  items: Item[];
  next_cursor?: string | null;
}

/** A file to upload. */
export type Upload = File | { name: string; contents: Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string };

interface HeaderOptions {
  /** Changes the object only if it still has this version; otherwise the server answers 412. */
  ifMatch?: string | undefined;
  /** Replaces the random key, under which the server executes a write once within 24 hours. */
  idempotencyKey?: string | undefined;
  /** Why the change is made; stored encrypted in the event log. */
  reason?: string | undefined;
  /** Reads a state that includes this log position, which another client's write returned. */
  minPosition?: number | undefined;
  /** Part of the contents, such as `bytes=0-1023`. */
  range?: string | undefined;
}

/** Options of a request. */
export type Options<Names extends keyof HeaderOptions = never> = Pick<HeaderOptions, Names> & {
  /** How long an attempt may take, in milliseconds. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** A request that is not sent yet. */
export interface Call {
  method: string;
  /** Segments of the path, without the prefix of all operations. */
  path: (string | number)[];
  query?: Record<string, unknown>;
  body?: unknown;
  upload?: Upload;
  options?: Options<keyof HeaderOptions>;
  headers?: Record<string, string>;
  /** `read`: after any transient failure. `write`: with one key. `once`: only if the server did not execute it. */
  repeat?: "read" | "write" | "once";
}

/** The same call with the key that all its attempts share. */
export function withKey(call: Call): Call {
  if (call.repeat !== "write" || call.options?.idempotencyKey !== undefined) {
    return call;
  }
  return { ...call, options: { ...call.options, idempotencyKey: randomKey() } };
}

/** `crypto.randomUUID` does not exist on pages without TLS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The URL of a call. */
export function urlOf(call: Call, baseUrl: string): string {
  const segments = call.path.map(String);
  if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
    throw new TypeError(`a part of the path is empty: ${segments.join("/")}`);
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== null) {
      query.set(name, String(value));
    }
  }
  const path = segments.map(encodeURIComponent).join("/");
  return `${baseUrl.replace(/\/+$/, "")}/api/v1/${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** Headers and body of an attempt. */
export function contentsOf(call: Call, token: string | undefined): { headers: Headers; body: string | FormData | null } {
  const { ifMatch, idempotencyKey, reason, minPosition, range } = call.options ?? {};
  const headers = new Headers();
  const values = {
    ...call.headers,
    Authorization: token === undefined ? undefined : `Bearer ${token}`,
    "If-Match": ifMatch,
    "Idempotency-Key": idempotencyKey,
    "ConvoSphere-Reason": reason,
    "ConvoSphere-Min-Position": minPosition?.toString(),
    Range: range,
    "Content-Type": call.body === undefined ? undefined : "application/json",
  };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      headers.set(name, utf8(value));
    }
  }
  if (call.upload) {
    return { headers, body: formOf(call.upload) };
  }
  return { headers, body: call.body === undefined ? null : JSON.stringify(call.body) };
}

/** The UTF-8 bytes of a text, one as each character: headers are bytes. */
function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

function formOf(upload: Upload): FormData {
  const contents = "contents" in upload ? upload.contents : upload;
  const form = new FormData();
  form.append("file", contents instanceof Blob ? contents : new Blob([contents]), upload.name);
  return form;
}

/** Client of ConvoSphere. `schema` is generated from the contract; `stream` follows conversations. */

import createFetchClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export { type Frame, stream, type StreamOptions } from "./stream.js";
export type { components, paths };

export type ConvoSphere = Client<paths>;

/** A typed client: `client.POST("/api/v1/conversations", { body: {} })`. */
export function createClient(baseUrl: string, accessToken: string): ConvoSphere {
  return createFetchClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${accessToken}` } });
}

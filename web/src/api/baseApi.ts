/** The one way to the server: adds the token, renews it once when it has ended, and knows every kind of cached thing. */
import {
  type BaseQueryFn,
  createApi,
  type FetchArgs,
  fetchBaseQuery,
  type FetchBaseQueryError,
  type FetchBaseQueryMeta,
} from "@reduxjs/toolkit/query/react";
import { keyOfRequest, settle } from "../lib/idempotency";
import { forget, renew, token } from "./session";

const TAGS = [
  "Preferences",
  "Session",
  "Conversation",
  "Thread",
  "Model",
  "Assistant",
  "AssistantList",
  "Knowledge",
  "KnowledgeList",
  "Document",
  "DocumentList",
  "User",
  "Group",
  "GroupList",
  "Provider",
  "Projection",
  "Backup",
] as const;

/** Before a request that got no answer is sent once more, in milliseconds. */
const AGAIN = 300;

const send = fetchBaseQuery({
  baseUrl: globalThis.location.origin,
  // The server sends nobody elsewhere: a redirect is a proxy that wants a sign-in, and is to be seen as such.
  redirect: "manual",
  prepareHeaders: (headers) => {
    const access = token();
    if (access !== undefined) {
      headers.set("Authorization", `Bearer ${access}`);
    }
  },
});

/** A request as the generated code makes it: a header may be a number, or left out. */
type Asked = Omit<FetchArgs, "headers"> & { headers?: Record<string, string | number | undefined> };

function withText({ headers = {}, ...rest }: Asked): FetchArgs {
  const given = Object.entries(headers).filter((header) => header[1] !== undefined);
  return { ...rest, headers: Object.fromEntries(given.map(([name, value]) => [name, String(value)])) };
}

type Query = BaseQueryFn<FetchArgs, unknown, FetchBaseQueryError, object, FetchBaseQueryMeta>;

/** Sends a request, and once more with a renewed token where that has ended. */
const authorised: Query = async (args, api, options) => {
  const used = token();
  const first = await send(args, api, options);
  if (first.error?.status !== 401 || used === undefined) {
    return first;
  }
  // Somebody else may have renewed it meanwhile. A server that is not reached now has ended no session.
  const renewed =
    token() !== used ||
    (await renew().then(
      (pair) => pair !== undefined,
      () => undefined,
    ));
  if (renewed === true) {
    return send(args, api, options);
  }
  if (renewed === false) {
    forget("ended");
  }
  return first;
};

/** Whether the server has said what became of a request: a proxy or a lost network says nothing of that. */
function isKnown(error: FetchBaseQueryError | undefined): boolean {
  return error === undefined || typeof (error.data as { code?: unknown } | undefined)?.code === "string";
}

/** Sends a change with a key, so that it is made once, however often it is sent: once more at once where no answer
 * came, and with the same key when the person tries again. */
const change: Query = async (args, api, options) => {
  const request = JSON.stringify([args.method, args.url, args.params, args.body]);
  const key = keyOfRequest(request);
  const keyed = { ...args, headers: { ...(args.headers as Record<string, string>), "Idempotency-Key": key } };
  let result = await authorised(keyed, api, options);
  if (result.error?.status === "FETCH_ERROR" && token() !== undefined && !api.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    result = await authorised(keyed, api, options);
  }
  settle(request, key, isKnown(result.error));
  return result;
};

const query: BaseQueryFn<Asked, unknown, FetchBaseQueryError, object, FetchBaseQueryMeta> = (asked, api, options) =>
  (api.type === "mutation" ? change : authorised)(withText(asked), api, options);

export const baseApi = createApi({ baseQuery: query, tagTypes: TAGS, endpoints: () => ({}) });

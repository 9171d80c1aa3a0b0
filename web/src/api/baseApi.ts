/** The one way to the server: adds the token, renews it once when it has ended, and knows every kind of cached thing. */
import {
  type BaseQueryFn,
  createApi,
  type FetchArgs,
  fetchBaseQuery,
  type FetchBaseQueryError,
  type FetchBaseQueryMeta,
} from "@reduxjs/toolkit/query/react";
import { forget, renew, token } from "./session";

export const TAGS = [
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

const send = fetchBaseQuery({
  baseUrl: globalThis.location.origin,
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

const query: BaseQueryFn<Asked, unknown, FetchBaseQueryError, object, FetchBaseQueryMeta> = async (
  asked,
  api,
  options,
) => {
  const args = withText(asked);
  const used = token();
  const first = await send(args, api, options);
  if (first.error?.status !== 401 || used === undefined) {
    return first;
  }
  // Somebody else may have renewed it meanwhile.
  const renewed = token() !== used || (await renew().catch(() => undefined)) !== undefined;
  if (renewed) {
    return send(args, api, options);
  }
  forget();
  return first;
};

export const baseApi = createApi({ baseQuery: query, tagTypes: TAGS, endpoints: () => ({}) });

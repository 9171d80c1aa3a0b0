/** The lists of conversations, page by page, kept in step by the person's own events, and what is done with one. */
import { type Conversation, generatedApi, type ConversationList } from "../../api/generated";
import { live } from "../../api/live";
import { problemOf } from "../../api/problem";
import { FILTERS, put, type Shelf, take } from "./shelf";

const PAGE = 50;
/** Several events of one conversation are looked after together. */
const GATHER = 100;
/** Conversations that are read one by one; where more move, as in an import, the lists are. */
const FEW = 3;

// The types of a thunk would name this api, which is being made.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Dispatch = (action: any) => any;
type State = Parameters<typeof conversationApi.util.selectCachedArgsForQuery>[0];
interface Context {
  dispatch: Dispatch;
  getState: () => unknown;
}

/** Shows a conversation as the server has answered with it. */
async function shown(_arg: unknown, { queryFulfilled, ...context }: Context & { queryFulfilled: Promise<unknown> }) {
  const answer = (await queryFulfilled.catch(() => undefined)) as { data: Conversation } | undefined;
  if (answer !== undefined) {
    show(answer.data, context);
  }
}

/** Looks where a conversation is after a change that is not answered with it. */
async function moved({ id }: { id: string }, api: Context & { queryFulfilled: Promise<unknown> }) {
  if ((await api.queryFulfilled.catch(() => undefined)) !== undefined) {
    await look(id, api);
  }
}

export const conversationApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      createConversation: { onQueryStarted: shown },
      updateConversation: { onQueryStarted: shown },
      restoreConversation: { onQueryStarted: shown },
      trashConversation: { onQueryStarted: moved },
      eraseConversation: { onQueryStarted: moved },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      /** Those of a place whose title has a text in it, the last changed first. */
      conversations: build.infiniteQuery<ConversationList, Shelf, string | null>({
        infiniteQueryOptions: {
          initialPageParam: null,
          getNextPageParam: (last) => last.next_cursor ?? undefined,
          refetchCachedPages: false,
        },
        query: ({ queryArg: { place, text }, pageParam }) => ({
          url: "/api/v1/conversations",
          params: { limit: PAGE, ...FILTERS[place], q: text || undefined, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Conversation"],
      }),
      /** Follows what happens to the person's conversations, in any tab, on any device. */
      followConversations: build.query<null, undefined>({
        queryFn: () => ({ data: null }),
        async onCacheEntryAdded(_arg, { cacheEntryRemoved, ...context }) {
          const waiting = new Set<string>();
          const reread = () => context.dispatch(generatedApi.util.invalidateTags(["Conversation"]));
          const lookAfter = () => {
            const ids = [...waiting];
            waiting.clear();
            if (ids.length > FEW) {
              reread();
            } else {
              ids.forEach((id) => void look(id, context));
            }
          };
          const stop = live.subscribe({ channel: "feed" }, undefined, ({ type, data }) => {
            if (type === "event" && data.aggregate_type === "conversation") {
              if (waiting.size === 0) {
                setTimeout(lookAfter, GATHER);
              }
              waiting.add(String(data.aggregate_id));
            } else if (type === "stream.caught_up" || type === "stream.reset") {
              // What happened between the reading of the lists and now.
              reread();
            }
          });
          await cacheEntryRemoved;
          stop();
        },
      }),
    }),
  });

/** Reads a conversation anew, and shows it where it belongs now. */
async function look(id: string, context: Context): Promise<void> {
  const options = { forceRefetch: true, subscribe: false };
  const read = (await context.dispatch(conversationApi.endpoints.getConversation.initiate({ id }, options))) as {
    data?: Conversation;
    error?: unknown;
  };
  if (read.data !== undefined && read.error === undefined) {
    show(read.data, context);
  } else if (problemOf(read.error).status === 404) {
    change(context, (list) => take(list, id));
  }
}

function show(conversation: Conversation, context: Context): void {
  const { dispatch } = context;
  dispatch(conversationApi.util.upsertQueryData("getConversation", { id: conversation.id }, conversation));
  change(context, (list, shelf) => put(list, shelf, conversation));
}

function change({ dispatch, getState }: Context, edit: (list: { pages: ConversationList[] }, shelf: Shelf) => void) {
  for (const shelf of conversationApi.util.selectCachedArgsForQuery(getState() as State, "conversations")) {
    dispatch(conversationApi.util.updateQueryData("conversations", shelf, (list) => edit(list, shelf)));
  }
}

export const {
  useConversationsInfiniteQuery,
  useFollowConversationsQuery,
  useGetConversationQuery,
  useCreateConversationMutation,
  useUpdateConversationMutation,
  useTrashConversationMutation,
  useRestoreConversationMutation,
  useEraseConversationMutation,
  useEmptyTrashMutation,
} = conversationApi;

export type { Conversation };

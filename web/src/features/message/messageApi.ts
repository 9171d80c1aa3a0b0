/** The thread of a conversation, kept in step by the live connection, and what is said in it. */
import { generatedApi, type ListMessage, type Message } from "../../api/generated";
import { live } from "../../api/live";
import type { Frame } from "../../lib/socket";
import { pieceHeard, runEnded, snapshotHeard } from "./runSlice";
import { place, type ThreadPage } from "./thread";

const PAGE = 50;
const ENDED = new Set(["response.completed", "response.failed", "response.interrupted", "response.cancelled"]);

export const messageApi = generatedApi
  .injectEndpoints({
    endpoints: (build) => ({
      /** The path from the newest message back, of a conversation. */
      thread: build.infiniteQuery<ThreadPage, string, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg, pageParam }) => ({
          url: `/api/v1/conversations/${queryArg}/messages`,
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        transformResponse: (list: ListMessage, meta) => ({
          ...list,
          position: Number(meta?.response?.headers.get("convosphere-position") ?? 0),
        }),
        providesTags: (_page, _error, id) => [{ type: "Thread", id }],
        async onQueryStarted(id, { queryFulfilled }) {
          const read = await queryFulfilled.catch(() => undefined);
          if (read !== undefined) {
            // What was heard while this was on its way is not in it.
            live.rewind(id, Math.min(...read.data.pages.map((page) => page.position)));
          }
        },
        async onCacheEntryAdded(id, { cacheDataLoaded, cacheEntryRemoved, dispatch }) {
          // Rejects where there is nothing to follow.
          const loaded = await cacheDataLoaded.catch(() => undefined);
          const position = loaded?.data.pages[0]?.position;
          if (position === undefined) {
            return;
          }
          const stop = live.subscribe(id, position, (frame) => hear(id, frame, dispatch));
          await cacheEntryRemoved;
          stop();
        },
      }),
    }),
  })
  .enhanceEndpoints({
    endpoints: {
      postMessage: {
        async onQueryStarted({ id }, { dispatch, queryFulfilled }) {
          const posted = await queryFulfilled.catch(() => undefined);
          if (posted !== undefined) {
            upsert(id, posted.data.message, dispatch);
          }
        },
      },
      regenerateAnswer: { invalidatesTags: ["Thread"] },
    },
  });

// The type of a thunk's dispatch would name this api, which is being made.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Dispatch = (action: any) => unknown;

/** What a live frame changes in the cache: the only place where that is done. */
export function hear(conversationId: string, frame: Frame, dispatch: Dispatch): void {
  const { type, data } = frame;
  if (type === "response.delta") {
    dispatch(pieceHeard(data as never));
  } else if (type === "response.snapshot") {
    dispatch(snapshotHeard(data as never));
  } else if (type === "message.posted") {
    upsert(conversationId, data as unknown as Message, dispatch);
  } else if (type === "response.started" || ENDED.has(type)) {
    upsert(conversationId, data.message as Message, dispatch);
    if (ENDED.has(type)) {
      dispatch(runEnded(String(data.response_id)));
      dispatch(generatedApi.util.invalidateTags(["Conversation"]));
    }
  } else if (type === "conversation.changed" || type === "stream.caught_up" || type === "read_marker.moved") {
    dispatch(generatedApi.util.invalidateTags(["Conversation"]));
  } else if (type === "stream.reset" || type === "stream.closed") {
    dispatch(messageApi.util.invalidateTags([{ type: "Thread", id: conversationId }]));
  }
}

function upsert(conversationId: string, message: Message, dispatch: Dispatch): void {
  const found = { fits: true };
  dispatch(
    messageApi.util.updateQueryData("thread", conversationId, (thread) => {
      found.fits = place(thread, message);
    }),
  );
  if (!found.fits) {
    dispatch(messageApi.util.invalidateTags([{ type: "Thread", id: conversationId }]));
  }
}

export const {
  useThreadInfiniteQuery,
  usePostMessageMutation,
  useRegenerateAnswerMutation,
  useCancelResponseMutation,
  useMoveReadMarkerMutation,
  useCreateConversationMutation,
  useListModelsQuery,
  useGetResponseQuery,
} = messageApi;

/** The thread of a conversation, kept in step by the live connection, and what is said in it. */
import { generatedApi, type Message, type MessageList, type Response } from "../../api/generated";
import { live } from "../../api/live";
import type { Frame } from "../../lib/topic";
import { pieceHeard, runEnded, snapshotHeard } from "./runSlice";
import { type Path, place, placeAnswer, type Thread, type ThreadPage } from "./thread";

/** What is seen first comes soon; earlier messages come in as few steps as the server lets them. */
const FIRST_PAGE = 50;
const PAGE = 200;
const ENDED = new Set(["response.completed", "response.failed", "response.interrupted", "response.cancelled"]);

// The types of a thunk would name this api, which is being made.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Dispatch = (action: any) => unknown;

export const messageApi = generatedApi
  .injectEndpoints({
    endpoints: (build) => ({
      /** A path from its newest message back. */
      thread: build.infiniteQuery<ThreadPage, Path, string | null>({
        infiniteQueryOptions: {
          initialPageParam: null,
          getNextPageParam: (last) => last.next_cursor ?? undefined,
          refetchCachedPages: false,
        },
        query: ({ queryArg: { id, through, leaf }, pageParam }) => ({
          url: `/api/v1/conversations/${id}/messages`,
          params: { limit: pageParam === null ? FIRST_PAGE : PAGE, through, leaf, cursor: pageParam ?? undefined },
        }),
        transformResponse: (list: MessageList, meta) => ({
          ...list,
          position: Number(meta?.response?.headers.get("convosphere-position") ?? 0),
        }),
        providesTags: (_page, _error, { id }) => [{ type: "Thread", id }],
        async onQueryStarted({ id }, { queryFulfilled }) {
          const read = await queryFulfilled.catch(() => undefined);
          if (read !== undefined) {
            // What was heard while this was on its way is not in it.
            live.rewind({ conversation_id: id }, Math.min(...read.data.pages.map((page) => page.position)));
          }
        },
        async onCacheEntryAdded(path, { cacheDataLoaded, cacheEntryRemoved, dispatch }) {
          // Rejects where there is nothing to follow.
          const loaded = await cacheDataLoaded.catch(() => undefined);
          const position = loaded?.data.pages[0]?.position;
          if (position === undefined) {
            return;
          }
          const topic = { conversation_id: path.id };
          const stop = live.subscribe(topic, position, (frame) => applyFrame(path, frame, dispatch));
          await cacheEntryRemoved;
          stop();
        },
      }),
    }),
  })
  .enhanceEndpoints({
    endpoints: {
      postMessage: {
        // Its model may have been disabled meanwhile.
        invalidatesTags: (_posted, error) => (error === undefined ? [] : ["Model"]),
        async onQueryStarted({ id }, api) {
          const posted = await api.queryFulfilled.catch(() => undefined);
          if (posted !== undefined) {
            const { message, response } = posted.data;
            messageApi.util
              .selectCachedArgsForQuery(api.getState(), "thread")
              .filter((path) => path.id === id)
              .forEach((path) => {
                upsert(path, message, api.dispatch);
                if (response != null) {
                  const change = (thread: Thread) => placeAnswer(thread, message, response);
                  api.dispatch(messageApi.util.updateQueryData("thread", path, change));
                }
              });
          }
        },
      },
      giveFeedback: {
        async onQueryStarted({ id, giveFeedback: { rating } }, api) {
          const paths = messageApi.util.selectCachedArgsForQuery(api.getState(), "thread");
          const undone = paths.map((path) =>
            api.dispatch(
              messageApi.util.updateQueryData("thread", path, ({ pages }) => {
                const rated = pages.flatMap((page) => page.items).find((message) => message.id === id);
                if (rated !== undefined) {
                  rated.feedback = rating;
                }
              }),
            ),
          );
          await api.queryFulfilled.catch(() => undone.forEach((change) => change.undo()));
        },
      },
      editMessage: { invalidatesTags: ["Thread"] },
      regenerateAnswer: { invalidatesTags: ["Thread"] },
    },
  });

/** What a live frame changes in the cache: the only place where that is done. */
function applyFrame(path: Path, frame: Frame, dispatch: Dispatch): void {
  const { type, data } = frame;
  if (type === "response.delta") {
    dispatch(pieceHeard(data as never));
  } else if (type === "response.snapshot") {
    dispatch(snapshotHeard(data as never));
  } else if (type === "message.posted") {
    upsert(path, data as unknown as Message, dispatch);
  } else if (type === "response.started" || ENDED.has(type)) {
    upsert(path, data.message as Message, dispatch);
    const response = data.response as Response;
    void dispatch(messageApi.util.upsertQueryData("getResponse", { id: response.id }, response));
    if (ENDED.has(type)) {
      dispatch(runEnded(String(data.response_id)));
    }
  } else if (type === "stream.reset" || data.reason === "not_found" || (type === "error" && data.status === 404)) {
    // After any other end the connection asks again, and misses nothing.
    dispatch(messageApi.util.invalidateTags([{ type: "Thread", id: path.id }]));
  }
}

function upsert(path: Path, message: Message, dispatch: Dispatch): void {
  const found = { fits: true };
  dispatch(
    messageApi.util.updateQueryData("thread", path, (thread) => {
      found.fits = place(thread, message);
    }),
  );
  if (!found.fits) {
    dispatch(messageApi.util.invalidateTags([{ type: "Thread", id: path.id }]));
  }
}

export const {
  useThreadInfiniteQuery,
  usePostMessageMutation,
  useEditMessageMutation,
  useGiveFeedbackMutation,
  useRegenerateAnswerMutation,
  useCancelResponseMutation,
  useMoveReadMarkerMutation,
  useListModelsQuery,
  useGetAssistantQuery,
  useGetFileQuery,
  useGetPreferencesQuery,
} = messageApi;

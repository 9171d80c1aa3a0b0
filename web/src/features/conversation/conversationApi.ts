/** The list of conversations, page by page, and what is done with one. */
import { type Conversation, generatedApi, type ListConversation } from "../../api/generated";

const PAGE = 50;

export const conversationApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      getConversation: { providesTags: (_found, _error, { id }) => [{ type: "Conversation" as const, id }] },
      createConversation: { invalidatesTags: ["Conversation"] },
      updateConversation: { invalidatesTags: ["Conversation"] },
      trashConversation: { invalidatesTags: ["Conversation"] },
      restoreConversation: { invalidatesTags: ["Conversation"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      /** Those whose title has a text in it, the last changed first. */
      conversations: build.infiniteQuery<ListConversation, string, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg, pageParam }) => ({
          url: "/api/v1/conversations",
          params: { limit: PAGE, q: queryArg === "" ? undefined : queryArg, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Conversation"],
      }),
    }),
  });

export const {
  useConversationsInfiniteQuery,
  useGetConversationQuery,
  useUpdateConversationMutation,
  useTrashConversationMutation,
  useRestoreConversationMutation,
} = conversationApi;

export type { Conversation };

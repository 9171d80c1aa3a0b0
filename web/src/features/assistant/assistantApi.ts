/** Who answers: the list, one of them with its versions, and what is done with it. */
import { type Assistant, generatedApi, type AssistantList } from "../../api/generated";

const PAGE = 100;

const assistantApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      listKnowledgeBases: { providesTags: ["Knowledge", "KnowledgeList"] },
      getAssistant: { providesTags: ["Assistant"] },
      listAssistantVersions: { providesTags: ["Assistant"] },
      getAssistantPerformance: { providesTags: ["Assistant"] },
      createAssistant: { invalidatesTags: ["Assistant"] },
      updateAssistant: { invalidatesTags: ["Assistant"] },
      deleteAssistant: { invalidatesTags: ["AssistantList"] },
      activateAssistant: { invalidatesTags: ["Assistant"] },
      deactivateAssistant: { invalidatesTags: ["Assistant"] },
      duplicateAssistant: { invalidatesTags: ["Assistant"] },
      restoreAssistantVersion: { invalidatesTags: ["Assistant"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      /** One's own and those for everyone. */
      assistants: build.infiniteQuery<AssistantList, undefined, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ pageParam }) => ({
          url: "/api/v1/assistants",
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Assistant", "AssistantList"],
      }),
    }),
  });

export const {
  useAssistantsInfiniteQuery,
  useGetAssistantQuery,
  useListAssistantVersionsQuery,
  useGetAssistantPerformanceQuery,
  useCreateAssistantMutation,
  useUpdateAssistantMutation,
  useDeleteAssistantMutation,
  useActivateAssistantMutation,
  useDeactivateAssistantMutation,
  useDuplicateAssistantMutation,
  useRestoreAssistantVersionMutation,
  useListModelsQuery,
  useListKnowledgeBasesQuery,
} = assistantApi;

export type { Assistant };

/** The address of a new chat with it. */
export function chatWith({ id, is_default }: Assistant): string {
  return is_default ? "/" : `/?assistant=${id}`;
}

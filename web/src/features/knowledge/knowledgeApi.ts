/** Knowledge bases, their documents, and the passages of these. */
import {
  type Chunk,
  type Document,
  generatedApi,
  type Group,
  type KnowledgeBase,
  type LeftOut,
  type ChunkList,
  type DocumentList,
  type KnowledgeBaseList,
} from "../../api/generated";

const PAGE = 100;
const CHUNKS = 20;

export const knowledgeApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      getKnowledgeBase: { providesTags: ["Knowledge"] },
      getDocument: { providesTags: ["Document"] },
      listGroups: { providesTags: ["Group", "GroupList"] },
      createKnowledgeBase: { invalidatesTags: ["Knowledge"] },
      updateKnowledgeBase: { invalidatesTags: ["Knowledge"] },
      deleteKnowledgeBase: { invalidatesTags: ["KnowledgeList"] },
      listAssistants: { providesTags: ["Assistant", "AssistantList"] },
      createAssistant: { invalidatesTags: ["Assistant"] },
      reprocessDocument: { invalidatesTags: ["Document"] },
      deleteDocument: { invalidatesTags: ["DocumentList", "Knowledge"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      /** One's own, those of one's groups and those for everyone. */
      knowledgeBases: build.infiniteQuery<KnowledgeBaseList, undefined, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ pageParam }) => ({
          url: "/api/v1/knowledge-bases",
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Knowledge", "KnowledgeList"],
      }),
      documents: build.infiniteQuery<DocumentList, string, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg, pageParam }) => ({
          url: `/api/v1/knowledge-bases/${queryArg}/documents`,
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Document", "DocumentList"],
      }),
      /** The passages of a document, from a little before one of them where one is named. */
      chunks: build.infiniteQuery<ChunkList, { id: string; around?: string }, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg: { id, around }, pageParam }) => ({
          url: `/api/v1/documents/${id}/chunks`,
          params: { limit: CHUNKS, ...(pageParam === null ? { around } : { cursor: pageParam }) },
        }),
      }),
    }),
  });

export const {
  useKnowledgeBasesInfiniteQuery,
  useDocumentsInfiniteQuery,
  useChunksInfiniteQuery,
  useGetKnowledgeBaseQuery,
  useGetDocumentQuery,
  useCreateKnowledgeBaseMutation,
  useUpdateKnowledgeBaseMutation,
  useDeleteKnowledgeBaseMutation,
  useReprocessDocumentMutation,
  useDeleteDocumentMutation,
  useSearchKnowledgeMutation,
  useListGroupsQuery,
  useListAssistantsQuery,
  useLazyListAssistantsQuery,
  useCreateAssistantMutation,
} = knowledgeApi;

/** It is still being read, or will be. */
export function isMoving({ status }: Document): boolean {
  return status === "queued" || status === "processing";
}

/** Where a passage stands, in a word. */
export function placeOf(chunk: Chunk, page: (number: number) => string): string {
  return chunk.page_name ?? (typeof chunk.page === "number" ? page(chunk.page) : chunk.headings.join(" › "));
}

export type { Chunk, Document, Group, KnowledgeBase, LeftOut };

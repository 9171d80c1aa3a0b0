import { generatedApi, type SearchHit, type SearchKind, type SearchMode, type SearchPage } from "../../api/generated";

export interface Wanted {
  q: string;
  kind?: SearchKind;
  mode?: SearchMode;
  since?: string;
}

export const KINDS: SearchKind[] = ["message", "conversation", "assistant", "document", "passage"];

const PAGE = 20;

const searchApi = generatedApi.injectEndpoints({
  endpoints: (build) => ({
    /** Everything that fits, page by page; counted with the first. */
    found: build.infiniteQuery<SearchPage, Wanted, string | null>({
      infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
      query: ({ queryArg, pageParam }) => ({
        url: "/api/v1/search",
        params: { ...queryArg, limit: PAGE, cursor: pageParam ?? undefined, facets: pageParam === null },
      }),
    }),
  }),
});

export const { useSearchQuery, useFoundInfiniteQuery } = searchApi;

export type { SearchHit, SearchKind };

/** The room that opens what was found, at the very place. */
export function addressOf({ kind, id, conversation_id, document_id, knowledge_base_id }: SearchHit): string {
  switch (kind) {
    case "message":
      return `/c/${conversation_id ?? ""}?through=${id}`;
    case "conversation":
      return `/c/${id}`;
    case "assistant":
      return `/assistants/${id}`;
    case "document":
      return `/knowledge/${knowledge_base_id ?? ""}/documents/${id}`;
    case "passage":
      return `/knowledge/${knowledge_base_id ?? ""}/documents/${document_id ?? ""}?passage=${id}`;
  }
}

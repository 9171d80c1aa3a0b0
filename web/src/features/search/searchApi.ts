import { generatedApi, type SearchHit } from "../../api/generated";

export const { useSearchQuery } = generatedApi;

export type { SearchHit };

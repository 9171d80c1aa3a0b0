/** Read models, and how far behind the log they are, for administrators. */
import { generatedApi } from "../../api/generated";

export const projectionApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listProjections: { providesTags: ["Projection"] },
    listParked: { providesTags: ["Projection"] },
    getJob: { providesTags: ["Job"] },
    rebuildProjection: { invalidatesTags: ["Job"] },
    retryParked: { invalidatesTags: ["Projection"] },
  },
});

export const {
  useListProjectionsQuery,
  useListParkedQuery,
  useRebuildProjectionMutation,
  useRetryParkedMutation,
  useGetJobQuery,
} = projectionApi;

/** Read models, and how far behind the log they are, for administrators. */
import { generatedApi } from "../../api/generated";

const projectionApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listProjections: { providesTags: ["Projection"] },
    listParked: { providesTags: ["Projection"] },
    retryParked: { invalidatesTags: ["Projection"] },
  },
});

export const { useListProjectionsQuery, useListParkedQuery, useRebuildProjectionMutation, useRetryParkedMutation } =
  projectionApi;

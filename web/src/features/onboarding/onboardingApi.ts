/** What a new installation has already, for administrators. */
import { generatedApi } from "../../api/generated";

const onboardingApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listProviders: { providesTags: ["Provider"] },
    listUsers: { providesTags: ["User"] },
    listKnowledgeBases: { providesTags: ["KnowledgeList"] },
  },
});

export const { useListProvidersQuery, useListUsersQuery, useListKnowledgeBasesQuery } = onboardingApi;

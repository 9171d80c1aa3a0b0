/** Who can answer: the assistants and models to choose from. */
import { type Assistant, generatedApi, type Model } from "../../api/generated";

const modelApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listModels: { providesTags: ["Model"] },
    listAssistants: { providesTags: ["Assistant", "AssistantList"] },
    getAssistant: { providesTags: ["Assistant"] },
  },
});

export const { useListModelsQuery, useListAssistantsQuery, useGetAssistantQuery } = modelApi;

export type { Assistant, Model };

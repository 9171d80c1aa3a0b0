/** Who can answer: the assistants and models to choose from. */
import { type Assistant, generatedApi, type Model } from "../../api/generated";

const modelApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listModels: { providesTags: ["Model"] },
    listAssistants: { providesTags: ["Assistant", "AssistantList"] },
    getAssistant: { providesTags: ["Assistant"] },
    getPreferences: { providesTags: ["Preferences"] },
    updatePreferences: { invalidatesTags: ["Preferences"] },
  },
});

export const {
  useListModelsQuery,
  useListAssistantsQuery,
  useGetAssistantQuery,
  useGetPreferencesQuery,
  useUpdatePreferencesMutation,
} = modelApi;

export type { Assistant, Model };

/** Where models come from and which of them can be chosen, for administrators. */
import { generatedApi, type Provider } from "../../api/generated";

const changing = { invalidatesTags: ["Provider", "Model"] as ("Provider" | "Model")[] };

const providerApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listProviders: { providesTags: ["Provider"] },
    listModels: { providesTags: ["Model"] },
    getSettings: { providesTags: ["Model"] },
    updateSettings: { invalidatesTags: ["Model"] },
    createProvider: changing,
    updateProvider: changing,
    deleteProvider: changing,
    testProvider: changing,
    refreshProvider: changing,
  },
});

export const {
  useGetSettingsQuery,
  useListModelsQuery,
  useListProvidersQuery,
  useListLocalServersQuery,
  useCreateProviderMutation,
  useDeleteProviderMutation,
  useRefreshProviderMutation,
  useTestProviderMutation,
  useUpdateProviderMutation,
  useUpdateSettingsMutation,
} = providerApi;

export type { Provider };

/** Where models come from and which of them can be chosen, for administrators. */
import { generatedApi, type Model, type Provider } from "../../api/generated";

const changing = { invalidatesTags: ["Provider", "Model"] as ("Provider" | "Model")[] };

const providerApi = generatedApi.enhanceEndpoints({
  endpoints: {
    listProviders: { providesTags: ["Provider"] },
    listModels: { providesTags: ["Model"] },
    getSettings: { providesTags: ["Model"] },
    updateSettings: { invalidatesTags: ["Model"] },
    createProvider: changing,
    updateProvider: {
      ...changing,
      // At once, so that the next model that is switched starts from this list and not from the one before.
      async onQueryStarted({ id, updateProvider: { disabled_models } }, { dispatch, queryFulfilled }) {
        if (disabled_models == null) {
          return;
        }
        let changed: string | undefined;
        const providers = dispatch(
          providerApi.util.updateQueryData("listProviders", undefined, ({ items }) => {
            const provider = items.find((one) => one.id === id);
            if (provider !== undefined) {
              provider.disabled_models = disabled_models;
              changed = provider.name;
            }
          }),
        );
        const models = dispatch(
          providerApi.util.updateQueryData("listModels", { includeDisabled: true }, ({ items }) =>
            items
              .filter(({ provider }) => provider === changed)
              .forEach((model) => (model.enabled = !disabled_models.includes(model.name))),
          ),
        );
        await queryFulfilled.catch(() => {
          providers.undo();
          models.undo();
        });
      },
    },
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

export type { Model, Provider };

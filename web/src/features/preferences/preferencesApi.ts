import { generatedApi } from "../../api/generated";

const preferencesApi = generatedApi.enhanceEndpoints({
  endpoints: {
    getPreferences: { providesTags: ["Preferences"] },
    updatePreferences: { invalidatesTags: ["Preferences"] },
  },
});

export const { useGetPreferencesQuery, useUpdatePreferencesMutation } = preferencesApi;

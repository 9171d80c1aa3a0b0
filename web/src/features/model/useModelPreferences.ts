import { useGetPreferencesQuery, useUpdatePreferencesMutation } from "./modelApi";

/** The models that a person likes best, kept with the account. */
export function useModelPreferences() {
  const { data } = useGetPreferencesQuery();
  const [update] = useUpdatePreferencesMutation();
  const favorites = data?.favorite_models ?? [];
  return {
    favorites,
    /** The model of new chats; undefined for that of the default assistant. */
    defaultModel: data?.default_model ?? undefined,
    toggleFavorite: (id: string) => {
      const others = favorites.filter((one) => one !== id);
      const favorite_models = others.length < favorites.length ? others : [...favorites, id];
      void update({ updatePreferences: { favorite_models } });
    },
    setDefault: (id: string) => void update({ updatePreferences: { default_model: id } }),
  };
}

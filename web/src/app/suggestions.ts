import { useListModelsQuery } from "../features/provider/providerApi";
import { useMe } from "./useMe";

const OF_GUIDE = ["message.suggestion1", "message.suggestion3"] as const;
const OF_GUIDE_FOR_ADMINISTRATORS = ["message.suggestion1", "message.suggestion2", "message.suggestion3"] as const;
const OF_MODEL = ["message.suggestionWrite", "message.suggestionExplain", "message.suggestionPlan"] as const;

/** Questions to begin with, which the model that answers can answer: the built-in guide knows the manual alone. */
export function useSuggestions() {
  const { role } = useMe();
  const { data: models } = useListModelsQuery();
  if (models === undefined) {
    return [];
  }
  const answering = models.items.find((model) => model.default);
  if (answering?.built_in !== true) {
    return OF_MODEL;
  }
  return role === "admin" ? OF_GUIDE_FOR_ADMINISTRATORS : OF_GUIDE;
}

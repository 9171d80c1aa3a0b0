import { Pin, Star } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import type { useModelPreferences } from "./useModelPreferences";

interface Props {
  /** The model that answers now, and what it is called. */
  modelId: string;
  name: string;
  preferences: ReturnType<typeof useModelPreferences>;
}

/** What can be done with the model that answers now, also by keyboard. */
export function PickerFoot({ modelId, name, preferences }: Props) {
  const { t } = useTranslation();
  const { favorites, defaultModel, toggleFavorite, setDefault } = preferences;
  const isFavorite = favorites.includes(modelId);
  return (
    <div
      role="group"
      aria-label={name}
      className="flex shrink-0 flex-wrap items-center gap-x-1 border-t border-line p-1.5"
    >
      <bdi aria-hidden="true" className="w-full truncate px-3.5 pt-1 text-start text-small font-[560] text-text-3">
        {name}
      </bdi>
      <Button look="quiet" isDisabled={defaultModel === modelId} onPress={() => setDefault(modelId)}>
        <Pin aria-hidden="true" />
        {t(defaultModel === modelId ? "model.isMyDefault" : "model.setDefault")}
      </Button>
      <Button look="quiet" onPress={() => toggleFavorite(modelId)}>
        <Star aria-hidden="true" className={isFavorite ? "fill-current" : ""} />
        {t(isFavorite ? "model.removeFavorite" : "model.addFavorite")}
      </Button>
    </div>
  );
}

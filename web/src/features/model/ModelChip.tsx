import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Picker } from "./Picker";
import type { Choice } from "./sections";
import type { Answerer } from "./useAnswerer";

interface Props {
  answerer: Answerer;
  onChoose: (choice: Choice) => void;
}

/** The model that answers, in the bar of the composer; opens the picker. */
export function ModelChip({ answerer, onChoose }: Props) {
  const { t } = useTranslation();
  const { modelName } = answerer;
  return (
    <Picker answerer={answerer} placement="top end" onChoose={onChoose}>
      <Button
        aria-label={t("model.current", { model: modelName })}
        className="touch-target flex h-8 min-w-0 cursor-pointer items-center gap-1.5 rounded-button px-2 text-ui text-text-2 transition-colors hovered:bg-hover hovered:text-text"
      >
        <span className="max-w-44 truncate">{modelName}</span>
        <ChevronDown aria-hidden="true" className="size-3.5 shrink-0" />
      </Button>
    </Picker>
  );
}

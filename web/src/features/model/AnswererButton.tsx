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

/** Who answers in a chat, at its head: the assistant and its model; opens the picker. */
export function AnswererButton({ answerer, onChoose }: Props) {
  const { t } = useTranslation();
  const { assistant, modelName } = answerer;
  const isKnown = assistant !== undefined || modelName !== "";
  return (
    <Picker answerer={answerer} placement="bottom start" onChoose={onChoose}>
      <Button
        // It has a name before it is known who answers.
        aria-label={isKnown ? undefined : t("model.choose")}
        className="touch-target flex h-9 min-w-0 cursor-pointer items-center gap-2 rounded-button px-2.5 text-[0.9375rem] transition-colors hovered:bg-hover pressed:bg-active"
      >
        {assistant === undefined ? (
          <span className="truncate font-[560]">{modelName}</span>
        ) : (
          <>
            <span dir="auto" className="truncate font-[560]">
              {assistant.name}
            </span>{" "}
            <span className="truncate text-text-3 max-sm:hidden">{modelName}</span>
          </>
        )}
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-text-3" />
      </Button>
    </Picker>
  );
}

import { type ReactElement, useState } from "react";
import { Dialog, DialogTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useIsPhone } from "../../hooks/useMedia";
import { Popover } from "../../ui/Popover";
import { Sheet } from "../../ui/Sheet";
import { PickerFoot } from "./PickerFoot";
import { PickerList } from "./PickerList";
import { type Choice, keyOfAssistant, keyOfModel, sectionsOf } from "./sections";
import type { Answerer } from "./useAnswerer";
import { useModelPreferences } from "./useModelPreferences";

/** The part of the window that the popover covers at most. */
const MAX_HEIGHT = 0.6;

interface Props {
  answerer: Answerer;
  placement: "bottom start" | "top end";
  onChoose: (choice: Choice) => void;
  /** The button that opens it. */
  children: ReactElement;
}

/** Chooses who answers: beside its button, or from below on a phone. */
export function Picker({ answerer, placement, onChoose, children }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const isPhone = useIsPhone();
  const preferences = useModelPreferences();
  const { assistant, defaultAssistant, model, modelName, models, assistants } = answerer;
  const answering = assistant ?? defaultAssistant;
  const current = [
    ...(answering === undefined ? [] : [keyOfAssistant(answering.id)]),
    ...(model === undefined ? [] : [keyOfModel(model.id)]),
  ];
  const list = (
    <>
      <PickerList
        sections={sectionsOf(assistants, models, preferences.favorites)}
        current={current}
        favorites={preferences.favorites}
        onFavorite={preferences.toggleFavorite}
        onChoose={(choice) => {
          setIsOpen(false);
          onChoose(choice);
        }}
      />
      {model !== undefined && <PickerFoot modelId={model.id} name={modelName} preferences={preferences} />}
    </>
  );
  return (
    <>
      <DialogTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
        {children}
        {!isPhone && (
          <Popover
            placement={placement}
            maxHeight={globalThis.innerHeight * MAX_HEIGHT}
            className="flex min-h-72 w-[380px] flex-col overflow-hidden! p-0!"
          >
            <Dialog aria-label={t("model.choose")} className="flex min-h-0 flex-1 flex-col outline-none">
              {list}
            </Dialog>
          </Popover>
        )}
      </DialogTrigger>
      {isPhone && (
        <Sheet label={t("model.choose")} side="bottom" isOpen={isOpen} onClose={() => setIsOpen(false)}>
          {list}
        </Sheet>
      )}
    </>
  );
}

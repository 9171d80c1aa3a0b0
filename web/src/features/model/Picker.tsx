import { type ReactElement, useRef, useState } from "react";
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

type Placement = "bottom start" | "top end" | "top start" | "bottom end";

interface Props {
  answerer: Answerer;
  /** Where it opens if it has as much room there as it may cover. */
  placement: Placement;
  onChoose: (choice: Choice) => void;
  /** The button that opens it. */
  children: ReactElement;
}

/** Chooses who answers: beside its button, or from below on a phone. */
export function Picker({ answerer, placement, onChoose, children }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [opened, setOpened] = useState<Placement>(placement);
  const anchor = useRef<HTMLSpanElement>(null);
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
  function toggle(open: boolean) {
    if (open) {
      setOpened(placementWithRoom(placement, anchor.current?.firstElementChild));
    }
    setIsOpen(open);
  }

  return (
    <>
      <DialogTrigger isOpen={isOpen} onOpenChange={toggle}>
        <span ref={anchor} className="contents">
          {children}
        </span>
        {!isPhone && (
          <Popover
            placement={opened}
            // Chosen before: it is measured while it is still empty, and must not jump when it is narrowed.
            shouldFlip={false}
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

/** The preferred side, or the other one where that has more room. */
function placementWithRoom(preferred: Placement, button: Element | null | undefined): Placement {
  if (button == null) {
    return preferred;
  }
  const { top, bottom } = button.getBoundingClientRect();
  const { innerHeight } = globalThis;
  const isUp = preferred.startsWith("top");
  const [room, otherRoom] = isUp ? [top, innerHeight - bottom] : [innerHeight - bottom, top];
  if (room >= innerHeight * MAX_HEIGHT || room >= otherRoom) {
    return preferred;
  }
  return preferred.replace(/^\w+/, isUp ? "bottom" : "top") as Placement;
}

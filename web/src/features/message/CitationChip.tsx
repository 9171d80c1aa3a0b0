import { useState } from "react";
import { Button, PreviewTrigger, setInteractionModality } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { MessageCitation } from "../../api/generated";
import { readableName } from "../../lib/fileName";
import { Popover } from "../../ui/Popover";
import { SourceCard } from "./SourceCard";

interface Props {
  citation: MessageCitation;
  /** Shows all sources of the answer. */
  onOpen: () => void;
}

/** The number of a source in a text; its passage is shown when it is pointed at, has the focus or is tapped. */
export function CitationChip({ citation, onOpen }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const { number, title } = citation;
  return (
    <span
      // React Aria opens a preview only if the pointer was used last, and hears of a move after the pointer has entered:
      // the first move after a key press would open nothing.
      onPointerEnter={({ pointerType }) => {
        if (pointerType !== "touch") {
          setInteractionModality("pointer");
        }
      }}
    >
      <PreviewTrigger delay={250} isOpen={isOpen} onOpenChange={setIsOpen}>
        <Button
          aria-label={t("thread.source", { number, title: readableName(title) })}
          // Fingers cannot point; the number of sources below the answer shows all of them.
          onPress={({ pointerType }) => (pointerType === "touch" ? setIsOpen(true) : onOpen())}
          className="touch-target mx-0.5 inline-flex h-[18px] min-w-[18px] cursor-pointer items-center justify-center rounded-[6px] bg-accent-soft px-1 align-[0.1em] text-[0.71875rem] leading-none font-[600] text-accent-text transition-colors hovered:bg-accent hovered:text-white"
        >
          {number}
        </Button>
        <Popover placement="top" className="w-80 max-w-[92vw]">
          <SourceCard citation={citation} isShort />
        </Popover>
      </PreviewTrigger>
    </span>
  );
}

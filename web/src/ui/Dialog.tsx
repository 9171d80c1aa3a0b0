import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { isComposing } from "../lib/composing";
import { IconButton } from "./IconButton";

const widths = { normal: "max-w-md", wide: "max-w-3xl" };

interface Props {
  title: string;
  isOpen: boolean;
  /** Where there is much to read. */
  isWide?: boolean;
  /** Its upper edge stays where it is while its content grows. */
  isAtTop?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** Keys of a composition are for the input method alone: its Enter chooses nothing, its Escape closes nothing. */
function keepComposition(event: KeyboardEvent) {
  if (isComposing(event.nativeEvent)) {
    event.stopPropagation();
  }
}

/** A dialog over the page; Escape and a press outside close it. */
export function Dialog({ title, isOpen, isWide = false, isAtTop = false, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
      className={`fixed inset-0 z-20 flex justify-center bg-black/40 p-4 ${isAtTop ? "items-start pt-[12vh]" : "items-center"}`}
    >
      <Modal
        className={`max-h-full w-full overflow-y-auto rounded-popover border border-line bg-raised p-5 shadow-popover ${isWide ? widths.wide : widths.normal}`}
      >
        <AriaDialog className="flex flex-col gap-4 outline-none">
          <div className="flex items-start justify-between gap-3">
            <Heading slot="title" className="min-w-0 text-section break-words">
              {title}
            </Heading>
            <IconButton label={t("app.close")} icon={X} className="-me-1.5 -mt-1" onPress={onClose} />
          </div>
          <Content>{children}</Content>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

const FIELDS = "textarea, input:is([type=text], [type=email], [type=password], [type=url], :not([type]))";

/** The first field has the focus, with what it holds selected: whoever opened the dialog wants to type. */
function Content({ children }: { children: ReactNode }) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = content.current;
    if (box !== null && !box.contains(document.activeElement)) {
      const field = box.querySelector<HTMLInputElement | HTMLTextAreaElement>(FIELDS);
      field?.focus();
      field?.select();
    }
  }, []);
  return (
    <div ref={content} role="presentation" className="contents" onKeyDownCapture={keepComposition}>
      {children}
    </div>
  );
}

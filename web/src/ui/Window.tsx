import type { KeyboardEvent, ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { isComposing } from "../lib/composing";

interface Props {
  title: string;
  isOpen: boolean;
  /** Where there is much to read. */
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** Keys of a composition are for the method of input alone: its Enter chooses nothing, its Escape closes nothing. */
function keepComposition(event: KeyboardEvent) {
  if (isComposing(event.nativeEvent)) {
    event.stopPropagation();
  }
}

/** A window over the page; Escape and a press outside close it. */
export function Window({ title, isOpen, isWide = false, onClose, children }: Props) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
      className="fixed inset-0 z-20 flex items-center justify-center bg-black/40 p-4"
    >
      <Modal
        className={`max-h-full w-full overflow-y-auto rounded-xl border border-line bg-page p-5 shadow-xl ${isWide ? "max-w-3xl" : "max-w-md"}`}
      >
        <Dialog className="flex flex-col gap-4 outline-none">
          <Heading slot="title" className="text-lg font-semibold">
            {title}
          </Heading>
          <div role="presentation" className="contents" onKeyDownCapture={keepComposition}>
            {children}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

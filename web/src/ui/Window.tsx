import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

interface Props {
  title: string;
  isOpen: boolean;
  /** Where there is much to read. */
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
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
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

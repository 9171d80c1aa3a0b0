import type { ReactNode } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";

const sides = {
  start: "me-auto h-full w-[85vw] max-w-80",
  bottom: "mt-auto max-h-[85dvh] w-full rounded-t-popover pb-[env(safe-area-inset-bottom)]",
  end: "ms-auto h-full w-full",
};

interface Props {
  label: string;
  side: keyof typeof sides;
  /** Where there is much to read. */
  isWide?: boolean;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel from an edge of the screen: the sidebar, menus and pickers of a phone. */
export function Sheet({ label, side, isWide = false, isOpen, onClose, children }: Props) {
  const width = side === "end" ? (isWide ? "max-w-xl" : "max-w-sm") : "";
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
      className="fixed inset-0 z-20 flex bg-black/40"
    >
      <Modal className={`flex overflow-y-auto bg-raised shadow-popover ${sides[side]} ${width}`}>
        <Dialog aria-label={label} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

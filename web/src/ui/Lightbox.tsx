import { X } from "lucide-react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";

interface Props {
  src: string;
  name: string;
  isOpen: boolean;
  onClose: () => void;
}

/** A picture as large as the page; Escape and a press beside it close it. */
export function Lightbox({ src, name, isOpen, onClose }: Props) {
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
      className="fixed inset-0 z-30 flex items-center justify-center bg-black/80 p-4"
    >
      <Modal className="max-h-full max-w-full">
        <Dialog className="flex max-h-[calc(100dvh-2rem)] flex-col gap-2 outline-none">
          <div className="flex items-center justify-between gap-3 text-white">
            <Heading slot="title" dir="auto" className="min-w-0 truncate text-ui font-[560]">
              {name}
            </Heading>
            <IconButton
              label={t("app.close")}
              icon={X}
              className="text-white/80 hovered:bg-white/15 hovered:text-white"
              onPress={onClose}
            />
          </div>
          {/* A picture without a ground of its own is drawn for white paper. */}
          <img src={src} alt={name} className="min-h-0 max-w-full rounded-icon bg-white object-contain" />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

import { Upload } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";

/** Takes files that are dropped anywhere on the page, and says so while they are dragged over it. */
export function ComposerDrop({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation();
  const [isOver, setIsOver] = useState(false);

  useEffect(() => {
    const listening = new AbortController();
    const listen = (type: "dragenter" | "dragover" | "dragleave" | "drop", handle: (event: DragEvent) => void) => {
      const handleFiles = (event: DragEvent) => {
        if (event.dataTransfer?.types.includes("Files") === true) {
          handle(event);
        }
      };
      globalThis.addEventListener(type, handleFiles, { signal: listening.signal });
    };
    const take = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer !== null) {
        event.dataTransfer.dropEffect = "copy";
      }
      setIsOver(true);
    };
    listen("dragenter", take);
    listen("dragover", take);
    listen("dragleave", (event) => {
      // Nothing is entered where the files leave the window.
      if (event.relatedTarget === null) {
        setIsOver(false);
      }
    });
    listen("drop", (event) => {
      event.preventDefault();
      setIsOver(false);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => listening.abort();
  }, [onFiles]);

  if (!isOver) {
    return null;
  }
  return createPortal(
    <div className="fixed inset-0 z-40 flex items-center justify-center bg-bg/80 p-6">
      <p className="pointer-events-none flex size-full items-center justify-center gap-3 rounded-composer border-2 border-dashed border-accent text-section text-accent-text">
        <Upload aria-hidden="true" className="size-6" />
        {t("composer.drop")}
      </p>
    </div>,
    document.body,
  );
}

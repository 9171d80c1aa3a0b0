import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { MessageCitation } from "../../api/generated";
import { useMedia } from "../../hooks/useMedia";
import { IconButton } from "../../ui/IconButton";
import { Sheet } from "../../ui/Sheet";
import { SourceCard } from "./SourceCard";

interface Props {
  citations: MessageCitation[];
  /** The number of the one that was asked for. */
  marked?: number;
  onClose: () => void;
}

/** The sources of an answer: a panel beside the thread, on a narrow screen a sheet above it. */
export function Sources({ citations, marked, onClose }: Props) {
  const { t } = useTranslation();
  const isWide = useMedia("(min-width: 64rem)");
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => current.current?.scrollIntoView({ block: "nearest" }), [citations, marked]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // What is open above the panel closes first, and takes the key for itself.
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("[role=dialog]") === null) {
        onClose();
      }
    };
    globalThis.addEventListener("keydown", press);
    return () => globalThis.removeEventListener("keydown", press);
  }, [onClose]);

  const content = (
    <>
      <div className="flex items-center justify-between gap-2 py-2.5 ps-4 pe-2.5">
        <h2 className="text-section">{t("message.sources")}</h2>
        <IconButton
          label={t("app.close")}
          icon={X}
          // The panel stands far from the button that opened it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onPress={onClose}
        />
      </div>
      <ol className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-2.5 pb-4">
        {citations.map((citation) => (
          <li
            key={citation.number}
            ref={citation.number === marked ? current : undefined}
            aria-current={citation.number === marked || undefined}
            className="rounded-frame aria-[current]:bg-accent-soft"
          >
            <SourceCard citation={citation} />
          </li>
        ))}
      </ol>
    </>
  );
  return isWide ? (
    <aside
      aria-label={t("message.sources")}
      data-side-panel=""
      className="absolute inset-y-0 end-0 z-10 flex w-[360px] flex-col border-s border-line bg-bg"
    >
      {content}
    </aside>
  ) : (
    <Sheet label={t("message.sources")} side="bottom" isOpen onClose={onClose}>
      {content}
    </Sheet>
  );
}

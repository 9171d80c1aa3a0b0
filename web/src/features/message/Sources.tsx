import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { MessageCitation } from "../../api/generated";
import { useMedia } from "../../hooks/useMedia";
import { IconButton } from "../../ui/IconButton";
import { Sheet } from "../../ui/Sheet";
import { SourceCard } from "./SourceCard";

/** The sources of an answer, and the one that was asked for, if any. */
export interface ShownSources {
  citations: MessageCitation[];
  number?: number;
}

interface Props extends ShownSources {
  onClose: () => void;
}

/** The sources of an answer: a panel beside the thread, on a narrow screen a sheet above it. */
export function Sources({ citations, number: wanted, onClose }: Props) {
  const { t } = useTranslation();
  const isWide = useMedia("(min-width: 64rem)");
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
          <Source key={citation.number} citation={citation} isWanted={citation.number === wanted} />
        ))}
      </ol>
    </>
  );
  return isWide ? (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it, as it closes a sheet
    <aside
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onClose();
        }
      }}
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

function Source({ citation, isWanted }: { citation: MessageCitation; isWanted: boolean }) {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isWanted) {
      item.current?.scrollIntoView({ block: "nearest" });
    }
  }, [isWanted]);
  return (
    <li
      ref={item}
      aria-current={isWanted || undefined}
      className="rounded-card border border-transparent aria-[current=true]:border-line-strong aria-[current=true]:bg-sunken"
    >
      <SourceCard citation={citation} />
    </li>
  );
}

import { Brain, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { RichText } from "../../ui/RichText";

interface Props {
  /** Empty where the model has not said what it thinks, or not yet. */
  text: string;
  isThinking: boolean;
  /** How long it took, in milliseconds, where that is known. */
  tookMs: number | undefined;
}

/** The last line that has words, which is the one that is being written. */
function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split("\n")
      .at(-1)
      ?.replace(/[*_`#]/g, "")
      .trim() ?? ""
  );
}

/** What the model thought before it answered; while it thinks, its latest line. */
export function Reasoning({ text, isThinking, tookMs }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const whole = tookMs === undefined ? undefined : Math.max(1_000, Math.round(tookMs / 1_000) * 1_000);
  const label = isThinking
    ? t("thread.thinking")
    : whole === undefined
      ? t("thread.thought")
      : t("thread.thoughtFor", { time: format.duration(whole) });
  if (text === "") {
    return isThinking ? <p className="w-fit shimmer text-ui text-text-3">{label}</p> : null;
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <Button
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onPress={() => setIsOpen(!isOpen)}
        className="touch-target flex h-[30px] max-w-full cursor-pointer items-center gap-2 rounded-icon border border-line px-2 text-label font-[450] text-text-2 transition-colors hovered:bg-hover hovered:text-text"
      >
        <Brain aria-hidden="true" className="size-3.5 shrink-0" strokeWidth={1.9} />
        <span className={`shrink-0 ${isThinking ? "shimmer" : ""}`}>{label}</span>
        {isThinking && !isOpen && (
          <span dir="auto" className="min-w-0 truncate text-text-3">
            {lastLine(text)}
          </span>
        )}
        <ChevronRight
          aria-hidden="true"
          className={`size-3.5 shrink-0 transition-transform ${isOpen ? "rotate-90" : "rtl:-scale-x-100"}`}
        />
      </Button>
      {isOpen && (
        <div id={id} dir="auto" className="border-s-2 border-line ps-4 text-text-2">
          <RichText text={text} isStreaming={isThinking} />
        </div>
      )}
    </div>
  );
}

import { ArrowUp, Square } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";

interface Props {
  isRunning: boolean;
  /** There is something to send. */
  hasContent: boolean;
  /** Why it cannot be sent yet. */
  obstacle?: string;
  onSend: () => void;
  onStop: () => void;
}

/** The one round button: it sends, or stops the answer while there is nothing to send. */
export function ComposerSend({ isRunning, hasContent, obstacle, onSend, onStop }: Props) {
  const { t } = useTranslation();
  if (isRunning && !hasContent) {
    return (
      <IconButton
        label={t("composer.stop")}
        icon={Square}
        keys="Esc"
        look="accent"
        size="round"
        className="[&_svg]:size-3.5! [&_svg]:fill-current"
        onPress={onStop}
      />
    );
  }
  const isReady = hasContent && obstacle === undefined;
  return (
    <IconButton
      label={t("composer.send")}
      tooltip={obstacle ?? (isRunning ? t("composer.sendAfter") : undefined)}
      icon={ArrowUp}
      look={isReady ? "accent" : "idle"}
      size="round"
      isDisabled={!hasContent}
      className="disabled:opacity-100"
      onPress={onSend}
    />
  );
}

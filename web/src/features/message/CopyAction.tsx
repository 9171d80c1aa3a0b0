import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";
import { useCopy } from "../../ui/useCopy";

/** Copies a message as it was written, with its Markdown. */
export function CopyAction({ text }: { text: string }) {
  const { t } = useTranslation();
  const { hasCopied, copy } = useCopy();
  return (
    <IconButton
      label={t(hasCopied ? "message.copied" : "message.copy")}
      icon={hasCopied ? Check : Copy}
      onPress={() => void copy(text)}
    />
  );
}

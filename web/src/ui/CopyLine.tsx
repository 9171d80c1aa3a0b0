import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";
import { useCopy } from "./useCopy";

interface Props {
  /** What the text is, for the name of the button and for screen readers. */
  label: string;
  text: string;
}

/** A command, a setting or a secret that is to be used elsewhere. */
export function CopyLine({ label, text }: Props) {
  const { t } = useTranslation();
  const { hasCopied, copy } = useCopy();
  return (
    <div
      role="group"
      aria-label={label}
      className="flex items-center gap-2 rounded-button border border-line bg-sunken py-1 ps-3 pe-1"
    >
      <code className="min-w-0 flex-1 font-mono text-label font-[450] break-all">{text}</code>
      <IconButton
        label={t(hasCopied ? "message.copied" : "message.copy")}
        icon={hasCopied ? Check : Copy}
        onPress={() => void copy(text)}
      />
    </div>
  );
}

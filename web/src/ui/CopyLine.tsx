import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../lib/copy";
import { IconButton } from "./IconButton";

interface Props {
  /** What the text is, for the name of the button and for screen readers. */
  label: string;
  text: string;
}

/** A command, a setting or a secret that is to be used elsewhere. */
export function CopyLine({ label, text }: Props) {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState<boolean>();
  return (
    <div className="flex flex-col gap-1">
      <div
        role="group"
        aria-label={label}
        className="flex items-center gap-2 rounded-button border border-line bg-sunken py-1 ps-3 pe-1"
      >
        <code className="min-w-0 flex-1 font-mono text-label font-[450] break-all">{text}</code>
        <IconButton
          label={t(isCopied === true ? "message.copied" : "message.copy")}
          icon={isCopied === true ? Check : Copy}
          onPress={() => void copyText(text).then(setIsCopied)}
        />
      </div>
      {isCopied === false && (
        <span role="alert" className="text-small text-bad">
          {t("message.copyYourself")}
        </span>
      )}
    </div>
  );
}

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../../lib/copy";
import { IconButton } from "../../ui/IconButton";
import { toast } from "../../ui/Toast";

/** How long it says that the text was copied, in milliseconds. */
const SHOWN = 2_000;

/** Copies a message as it was written, with its Markdown. */
export function CopyAction({ text }: { text: string }) {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (isCopied) {
      const timer = setTimeout(() => setIsCopied(false), SHOWN);
      return () => clearTimeout(timer);
    }
  }, [isCopied]);

  async function copy() {
    if (await copyText(text)) {
      setIsCopied(true);
    } else {
      toast(t("message.copyYourself"));
    }
  }

  return (
    <IconButton
      label={t(isCopied ? "message.copied" : "message.copy")}
      icon={isCopied ? Check : Copy}
      onPress={() => void copy()}
    />
  );
}

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../lib/copy";
import { toast } from "./Toast";

/** How long a copy is confirmed, in milliseconds. */
const CONFIRMED = 2_000;

/** Copies a text, and says so for two seconds. A notice says what to do where copying failed. */
export function useCopy() {
  const { t } = useTranslation();
  const [copies, setCopies] = useState(0);
  useEffect(() => {
    if (copies > 0) {
      const timer = setTimeout(() => setCopies(0), CONFIRMED);
      return () => clearTimeout(timer);
    }
  }, [copies]);

  async function copy(text: string) {
    if (await copyText(text)) {
      setCopies((count) => count + 1);
    } else {
      toast(t("message.copyYourself"));
    }
  }
  return { hasCopied: copies > 0, copy };
}

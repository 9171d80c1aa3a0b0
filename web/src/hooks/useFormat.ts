import { useTranslation } from "react-i18next";
import { type Format, formatOf } from "../lib/format";

/** Writes dates and numbers for the person who looks at the page. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  return formatOf(i18n.language);
}

import { useTranslation } from "react-i18next";

const GUIDE = "builtin/guide";

/** What a model is called where its id would be shown: the built-in guide has a name in the language of the page. */
export function useModelName(): (id: string) => string {
  const { t } = useTranslation();
  return (id) => (id === GUIDE ? t("model.guide") : id);
}

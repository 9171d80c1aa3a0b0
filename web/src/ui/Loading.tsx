import { useTranslation } from "react-i18next";

/** Something is on its way. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <p role="status" className="text-sm text-faint">
      {t("app.loading")}
    </p>
  );
}

import { useTranslation } from "react-i18next";

/** A placeholder for content that is loading. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const { t } = useTranslation();
  const widths = ["w-full", "w-5/6", "w-2/3"];
  return (
    <div role="status" aria-label={t("app.loading")} className="flex w-full flex-col gap-3 py-1">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={`h-4 animate-pulse rounded-md bg-hover ${widths[line % widths.length] ?? ""}`} />
      ))}
    </div>
  );
}

import { useTranslation } from "react-i18next";
import { CopyLine } from "../../ui/CopyLine";

const SCHEDULE = "convosphere config set backup.every_hours 24";

interface Props {
  /** The newest backup. */
  file: string | undefined;
  isScheduled: boolean;
}

/** What it takes to restore a backup, and to have them created automatically. */
export function RestoreGuide({ file = "FILE", isScheduled }: Props) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="restore" className="flex max-w-reading flex-col gap-3">
      <h2 id="restore" className="text-section">
        {t("backup.restore")}
      </h2>
      <ol className="flex list-decimal flex-col gap-1 ps-5 text-text-2">
        <li>{t("backup.restoreStop")}</li>
        <li>{t("backup.restoreKey")}</li>
        <li>{t("backup.restoreRun")}</li>
      </ol>
      <CopyLine label={t("backup.restoreCommand")} text={`convosphere database restore --file ${file}`} />
      {!isScheduled && (
        <>
          <p className="text-text-2">{t("backup.schedule")}</p>
          <CopyLine label={t("backup.scheduleCommand")} text={SCHEDULE} />
        </>
      )}
    </section>
  );
}

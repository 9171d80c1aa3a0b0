import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { save } from "../../api/download";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Switch } from "../../ui/Switch";
import { Failed } from "../../ui/Failed";

/** Everything that a person has, as one archive. */
export function ExportAll() {
  const { t } = useTranslation();
  const [withFiles, setWithFiles] = useState(true);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();

  async function run() {
    setIsPending(true);
    setError(undefined);
    const day = new Date().toISOString().slice(0, 10);
    await save(`/api/v1/exports/archive?files=${withFiles}`, `convosphere-${day}.zip`).catch(setError);
    setIsPending(false);
  }

  return (
    <section aria-label={t("portability.export")} className="flex flex-col gap-4 rounded-card border border-line p-5">
      <h2 className="text-section">{t("portability.export")}</h2>
      <p className="max-w-form text-text-2">{t("portability.exportHint")}</p>
      <div className="flex flex-wrap items-center gap-4">
        <Button look="primary" isPending={isPending} onPress={() => void run()}>
          <Download aria-hidden="true" />
          {t("portability.download")}
        </Button>
        <Switch label={t("portability.withFiles")} isSelected={withFiles} onChange={setWithFiles} />
      </div>
      {error !== undefined && <Failed problem={problemOf(error)} />}
    </section>
  );
}

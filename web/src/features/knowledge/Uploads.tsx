import { useTranslation } from "react-i18next";
import { DropZone, FileTrigger } from "react-aria-components";
import { Button } from "../../ui/Button";
import { useUploads } from "./useUploads";

/** Where documents are dropped or chosen, and how far each is on its way. */
export function Uploads({ base }: { base: string }) {
  const { t } = useTranslation();
  const { sending, add, dismiss } = useUploads(base);
  return (
    <section aria-label={t("knowledge.upload")} className="flex flex-col gap-3">
      <DropZone
        aria-label={t("knowledge.drop")}
        className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-dashed border-line p-4 data-drop-target:bg-hover"
        onDrop={({ items }) => {
          const files = items.filter((item) => item.kind === "file").map((item) => item.getFile());
          void Promise.all(files).then(add);
        }}
      >
        <p className="text-sm text-faint">{t("knowledge.drop")}</p>
        <FileTrigger allowsMultiple onSelect={(files) => add([...(files ?? [])])}>
          <Button look="primary">{t("knowledge.choose")}</Button>
        </FileTrigger>
      </DropZone>
      {sending.length > 0 && (
        <ul className="flex flex-col gap-2">
          {sending.map(({ key, name, part, refused }) => (
            <li key={key} className="flex flex-wrap items-center gap-3 text-sm">
              <span className="min-w-0 flex-1 truncate">{name}</span>
              {refused === undefined ? (
                <progress className="w-40" aria-label={t("knowledge.sent", { name })} value={part} max={1} />
              ) : (
                <>
                  <span role="alert" className="text-red-700 dark:text-red-300">
                    {refused || t("app.unreachable")}
                  </span>
                  <Button look="quiet" onPress={() => dismiss(key)}>
                    {t("app.close")}
                  </Button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

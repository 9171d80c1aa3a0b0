import { useTranslation } from "react-i18next";
import { Details } from "../../ui/Details";
import { Status } from "../../ui/Status";
import { LeftOutList } from "./LeftOutList";
import type { Document } from "./knowledgeApi";

const LOOKS = { queued: "plain", processing: "warn", ready: "good", failed: "bad" } as const;
const TEXTS = {
  queued: "knowledge.queued",
  processing: "knowledge.processing",
  ready: "knowledge.ready",
  failed: "knowledge.failed",
} as const;

/** How far a document is, why it could not be read where it could not, and what of it was left out. */
export function DocumentStatus({ document: { status, error, embedding_error, left_out } }: { document: Document }) {
  const { t } = useTranslation();
  const cause = error?.detail ?? embedding_error;
  return (
    <div className="flex flex-col items-start gap-1">
      <Status look={LOOKS[status]}>{t(TEXTS[status])}</Status>
      {error && (
        <span className="max-w-xs text-small text-text-2">
          {t(`knowledge.failure.${error.code as "internal"}`, { defaultValue: t("app.failed") })}
        </span>
      )}
      <LeftOutList items={left_out} />
      {embedding_error && <span className="max-w-xs text-small text-text-2">{t("knowledge.wordsAlone")}</span>}
      {cause && <Details>{cause}</Details>}
    </div>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { type Document, useDeleteDocumentMutation, useReprocessDocumentMutation } from "./knowledgeApi";

/** Reading a document anew, and deleting it. */
export function DocumentActions({ document: { id, name, status } }: { document: Document }) {
  const { t } = useTranslation();
  const [reprocess, again] = useReprocessDocumentMutation();
  const [remove, removal] = useDeleteDocumentMutation();
  const [confirms, setConfirms] = useState(false);
  const failed = again.error ?? removal.error;
  const isMoving = status === "queued" || status === "processing";
  return (
    <div className="flex flex-wrap gap-1">
      {!isMoving && (
        <Button look="quiet" aria-label={t("knowledge.readAgainOf", { name })} onPress={() => void reprocess({ id })}>
          {t("knowledge.readAgain")}
        </Button>
      )}
      <Button look="quiet" aria-label={t("knowledge.deleteOf", { name })} onPress={() => setConfirms(true)}>
        {t("knowledge.delete")}
      </Button>
      <Confirm
        title={t("knowledge.deleteTitle", { name })}
        action={t("knowledge.delete")}
        isOpen={confirms}
        onClose={() => setConfirms(false)}
        onConfirm={() => void remove({ id })}
      >
        <p className="text-sm">{t("knowledge.deleteHint")}</p>
      </Confirm>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
    </div>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import {
  type Assistant,
  useActivateAssistantMutation,
  useDeactivateAssistantMutation,
  useDeleteAssistantMutation,
  useDuplicateAssistantMutation,
} from "./assistantApi";

interface Props {
  assistant: Assistant;
  mayChange: boolean;
}

/** What can be done with an assistant as a whole. */
export function AssistantActions({ assistant, mayChange }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [activate, activation] = useActivateAssistantMutation();
  const [deactivate, deactivation] = useDeactivateAssistantMutation();
  const [duplicate, duplication] = useDuplicateAssistantMutation();
  const [remove, removal] = useDeleteAssistantMutation();
  const [confirms, setConfirms] = useState(false);
  const { id, status, is_default } = assistant;
  const failed = activation.error ?? deactivation.error ?? duplication.error ?? removal.error;

  async function copy() {
    const { data } = await duplicate({ id });
    if (data !== undefined) {
      await navigate(`/assistants/${data.id}`);
    }
  }

  async function erase() {
    const { error } = await remove({ id });
    if (error === undefined) {
      await navigate("/assistants");
    }
  }

  return (
    <div className="flex flex-wrap gap-2">
      {mayChange && status !== "active" && (
        <Button look="primary" onPress={() => void activate({ id })}>
          {t("assistant.activate")}
        </Button>
      )}
      {mayChange && status === "active" && !is_default && (
        <Button onPress={() => void deactivate({ id })}>{t("assistant.deactivate")}</Button>
      )}
      <Button onPress={() => void copy()}>{t("assistant.duplicate")}</Button>
      {mayChange && !is_default && <Button onPress={() => setConfirms(true)}>{t("assistant.delete")}</Button>}
      <Confirm
        title={t("assistant.deleteTitle", { name: assistant.name })}
        action={t("assistant.delete")}
        isOpen={confirms}
        onClose={() => setConfirms(false)}
        onConfirm={() => void erase()}
      >
        <p className="text-sm">{t("assistant.deleteHint")}</p>
      </Confirm>
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
    </div>
  );
}

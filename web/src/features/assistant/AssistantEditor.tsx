import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { type Assistant, useUpdateAssistantMutation } from "./assistantApi";
import { AssistantForm } from "./AssistantForm";

interface Props {
  assistant: Assistant;
  mayPublish: boolean;
  isReadOnly: boolean;
}

/** The form of an assistant as it is now. What is typed stays when somebody else saves meanwhile, and is not saved over
 * what they did without a look at it. */
export function AssistantEditor({ assistant, ...rights }: Props) {
  const { t } = useTranslation();
  const [update, { isSuccess }] = useUpdateAssistantMutation();
  const [base, setBase] = useState(assistant);
  const [isTouched, setIsTouched] = useState(false);
  const isOther = base.assistant_version !== assistant.assistant_version;

  function begin(from: Assistant) {
    setBase(from);
    setIsTouched(false);
  }

  if (isOther && !isTouched) {
    begin(assistant);
  }
  // Activating and its kin leave the configuration as it is.
  const version = isOther ? base.version : assistant.version;
  return (
    <div
      // Typing anywhere in the form.
      onChange={() => setIsTouched(true)}
      className="flex flex-col gap-4"
    >
      {isOther && (
        <Alert>
          <span className="flex flex-wrap items-center justify-between gap-2">
            {t("assistant.changedMeanwhile")}
            <Button onPress={() => begin(assistant)}>{t("assistant.loadChange")}</Button>
          </span>
        </Alert>
      )}
      <AssistantForm
        key={base.assistant_version}
        assistant={base}
        action={t("assistant.save")}
        onSubmit={async (updateAssistant) => {
          const saved = await update({ id: base.id, "If-Match": `"${version}"`, updateAssistant }).unwrap();
          begin(saved);
        }}
        {...rights}
      />
      {isSuccess && !isTouched && (
        <p role="status" className="text-sm text-text-2">
          {t("assistant.saved")}
        </p>
      )}
    </div>
  );
}

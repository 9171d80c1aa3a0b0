import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import type { Texts } from "../../lib/texts/en";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Details } from "../../ui/Details";
import { useGetResponseQuery, useRegenerateAnswerMutation } from "./messageApi";

/** How an answer ended that did not come to its end, and another try by the same assistant and model. */
export function Ending({ message, text }: { message: Message; text: string }) {
  const { t } = useTranslation();
  const { data: run } = useGetResponseQuery({ id: message.response_id ?? "" }, { skip: message.response_id == null });
  const [regenerate, { isLoading, error }] = useRegenerateAnswerMutation();
  const again = { assistant_id: run?.assistant_id, model: run?.model };
  return (
    <Alert>
      <div className="flex items-center justify-between gap-2">
        <span>
          {text}{" "}
          {run?.error != null &&
            t(`failures.answer.${run.error.code as keyof Texts["failures"]["answer"]}`, { defaultValue: "" })}
        </span>
        <Button isPending={isLoading} onPress={() => void regenerate({ id: message.id, regenerateAnswer: again })}>
          {t("message.retry")}
        </Button>
      </div>
      {run?.error != null && <Details>{run.error.detail}</Details>}
      {error !== undefined && <p>{wordsOf(error, t("app.unreachable"))}</p>}
    </Alert>
  );
}

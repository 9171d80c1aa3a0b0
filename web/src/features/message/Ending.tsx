import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
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
          {text} {run?.error?.detail}
        </span>
        <Button isPending={isLoading} onPress={() => void regenerate({ id: message.id, regenerateAnswer: again })}>
          {t("message.retry")}
        </Button>
      </div>
      {error !== undefined && <p>{wordsOf(error, t("app.unreachable"))}</p>}
    </Alert>
  );
}

import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { usePostMessageMutation } from "./messageApi";

interface Props {
  message: Message;
  reason: string | null | undefined;
  onPath: (through: string | undefined) => void;
}

/** Says that an answer was ended before its model had said everything, with a way to go on. */
export function CutOff({ message, reason, onPath }: Props) {
  const { t } = useTranslation();
  const [post, { isLoading, error }] = usePostMessageMutation();
  if (reason !== "length" && reason !== "content_filter") {
    return null;
  }

  async function goOn() {
    const postMessage = { content: t("message.continueRequest"), parent_id: message.id };
    const { error } = await post({ id: message.conversation_id, postMessage });
    if (error === undefined) {
      onPath(undefined);
    }
  }

  return (
    <Alert>
      <div className="flex items-center justify-between gap-2">
        <span>{t(reason === "length" ? "message.cutAtLength" : "message.cutByFilter")}</span>
        {reason === "length" && (
          <Button isPending={isLoading} onPress={() => void goOn()}>
            {t("message.continue")}
          </Button>
        )}
      </div>
      {error !== undefined && <p>{wordsOf(error, t("app.unreachable"))}</p>}
    </Alert>
  );
}

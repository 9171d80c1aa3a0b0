import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { useContinue } from "./useContinue";

interface Props {
  message: Message;
  reason: string | null | undefined;
  onPath: (through: string | undefined) => void;
}

/** Says that an answer was cut off before its model had finished, and offers to continue. */
export function CutOff({ message, reason, onPath }: Props) {
  const { t } = useTranslation();
  const { continueAnswer, isLoading, error } = useContinue(message, onPath);
  if (reason !== "length" && reason !== "content_filter") {
    return null;
  }
  return (
    <Alert>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>{t(reason === "length" ? "message.cutAtLength" : "message.cutByFilter")}</span>
        {reason === "length" && (
          <Button isPending={isLoading} onPress={() => void continueAnswer()}>
            {t("message.continue")}
          </Button>
        )}
      </div>
      {error !== undefined && <p>{wordsOf(error, t("app.unreachable"))}</p>}
    </Alert>
  );
}

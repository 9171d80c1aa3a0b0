import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { LinkButton } from "./LinkButton";
import { useContinue } from "./useContinue";
import { useRegenerate } from "./useRegenerate";

interface Props {
  message: Message;
  onPath: (through: string | undefined) => void;
}

/** An answer that the person stopped: nothing failed, so it says so quietly. */
export function Stopped({ message, onPath }: Props) {
  const { t } = useTranslation();
  const goOn = useContinue(message, onPath);
  const again = useRegenerate(message, onPath);
  const error = goOn.error ?? again.error;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-1.5 text-ui text-text-3">
        {t("thread.stopped")}
        {message.content !== "" && (
          <>
            <span aria-hidden="true">·</span>
            <LinkButton isPending={goOn.isLoading} onPress={() => void goOn.continueAnswer()}>
              {t("message.continue")}
            </LinkButton>
          </>
        )}
        <span aria-hidden="true">·</span>
        <LinkButton isPending={again.isLoading} onPress={() => void again.regenerate()}>
          {t("message.again")}
        </LinkButton>
      </p>
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
    </>
  );
}

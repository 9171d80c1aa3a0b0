import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message, Response } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Details } from "../../ui/Details";
import { ModelMenu } from "./ModelMenu";
import { useRegenerate } from "./useRegenerate";

interface Props {
  message: Message;
  response: Response | undefined;
  onPath: (through: string | undefined) => void;
}

/** An answer that failed or was interrupted: why, and another try by the same model or by another one. */
export function Failure({ message, response, onPath }: Props) {
  const { t } = useTranslation();
  const { regenerate, isLoading, error } = useRegenerate(message, onPath);
  const failure = response?.error ?? undefined;
  const { assistant_id, model } = response ?? {};
  const reason =
    message.status === "interrupted"
      ? t("thread.interrupted")
      : t(`thread.failure.${failure?.code as "internal"}`, { defaultValue: t("message.failed") });
  return (
    <div role="alert" className="flex gap-2.5 rounded-frame bg-bad-soft px-3.5 py-3 text-ui">
      <TriangleAlert aria-hidden="true" className="mt-px size-[18px] shrink-0 text-bad" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p>{reason}</p>
        <div className="flex flex-wrap gap-2">
          <Button isPending={isLoading} onPress={() => void regenerate({ assistant_id, model })}>
            {t("message.retry")}
          </Button>
          <ModelMenu
            label={t("thread.tryAnother")}
            onModel={(other) => void regenerate({ assistant_id, model: other })}
          >
            <Button look="quiet">{t("thread.tryAnother")}</Button>
          </ModelMenu>
        </div>
        {error !== undefined && <p>{wordsOf(error, t("app.unreachable"))}</p>}
        {failure !== undefined && (
          <Details>
            {failure.detail} ({failure.code})
          </Details>
        )}
      </div>
    </div>
  );
}

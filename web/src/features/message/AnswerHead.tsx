import { Bot } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Assistant } from "../../api/generated";
import { useModelName } from "../../hooks/useModelName";
import { Tile } from "../../ui/Tile";

interface Props {
  /** Undefined until it is known. */
  assistant: Assistant | undefined;
  /** `<provider>/<model>`. */
  model: string | undefined;
  /** Whether it was imported; then neither is known. */
  isImported: boolean;
}

/** Who answers: an assistant and its model; where nobody chose an assistant, the model alone. */
export function AnswerHead({ assistant, model, isImported }: Props) {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const modelName = model === undefined ? undefined : nameOf(model).replace(/^[^/]*\//, "");
  const [name, detail] = assistant?.is_default === true ? [modelName] : [assistant?.name, modelName];
  return (
    <div className="flex h-6 items-center gap-2">
      <Tile icon={Bot} size="small" />
      <span dir="auto" className="truncate text-[0.84375rem] font-[560]">
        {isImported ? t("message.assistant") : name}
      </span>
      {detail !== undefined && (
        <span title={model} className="truncate text-label font-[450] text-text-3">
          {detail}
        </span>
      )}
    </div>
  );
}

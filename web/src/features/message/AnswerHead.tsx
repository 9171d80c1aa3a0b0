import { Bot } from "lucide-react";
import { Tile } from "../../ui/Tile";

interface Props {
  /** Undefined until it is known. */
  assistant: string | undefined;
  /** `<provider>/<model>`. */
  model: string | undefined;
}

/** Who answers. */
export function AnswerHead({ assistant, model }: Props) {
  return (
    <div className="flex h-6 items-center gap-2">
      <Tile icon={Bot} size="small" />
      <span dir="auto" className="truncate text-[0.84375rem] font-[560]">
        {assistant}
      </span>
      {model !== undefined && (
        <span title={model} className="truncate text-label font-[450] text-text-3">
          {model.replace(/^[^/]*\//, "")}
        </span>
      )}
    </div>
  );
}

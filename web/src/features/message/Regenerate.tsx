import { ChevronDown, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { IconButton } from "../../ui/IconButton";
import { toast } from "../../ui/Toast";
import { ModelMenu } from "./ModelMenu";
import { useRegenerate } from "./useRegenerate";

interface Props {
  message: Message;
  onPath: (through: string | undefined) => void;
}

/** Asks for another version of an answer, from the same model or from another one. */
export function Regenerate({ message, onPath }: Props) {
  const { t } = useTranslation();
  const { regenerate } = useRegenerate(message, onPath);
  const start = async (model?: string) => {
    const error = await regenerate({ model });
    if (error !== undefined) {
      toast(wordsOf(error, t("app.unreachable")));
    }
  };
  return (
    <span className="flex">
      <IconButton label={t("message.again")} icon={RefreshCw} onPress={() => void start()} />
      <ModelMenu label={t("thread.regenerateWith")} onModel={(model) => void start(model)}>
        <IconButton label={t("thread.regenerateWith")} icon={ChevronDown} className="w-5!" />
      </ModelMenu>
    </span>
  );
}

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { IconButton } from "../../ui/IconButton";

interface Props {
  message: Message;
  onPath: (through: string) => void;
}

/** Which of several versions of a message is shown, and the way to the others. */
export function Siblings({ message: { id, sibling_ids }, onPath }: Props) {
  const { t } = useTranslation();
  const index = sibling_ids.indexOf(id);
  const step = (to: number) => {
    const other = sibling_ids[to];
    if (other !== undefined) {
      onPath(other);
    }
  };
  if (sibling_ids.length < 2) {
    return null;
  }
  return (
    <span className="flex items-center text-label text-text-3 tabular-nums">
      <IconButton
        label={t("message.previousVersion")}
        icon={ChevronLeft}
        isDisabled={index === 0}
        className="w-6! rtl:-scale-x-100"
        onPress={() => step(index - 1)}
      />
      <span aria-hidden="true">
        {index + 1}/{sibling_ids.length}
      </span>
      <span className="sr-only">{t("message.version", { number: index + 1, of: sibling_ids.length })}</span>
      <IconButton
        label={t("message.nextVersion")}
        icon={ChevronRight}
        isDisabled={index === sibling_ids.length - 1}
        className="w-6! rtl:-scale-x-100"
        onPress={() => step(index + 1)}
      />
    </span>
  );
}

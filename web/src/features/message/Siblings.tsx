import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { Button } from "../../ui/Button";

interface Props {
  message: Message;
  onPath: (through: string) => void;
}

/** Which of several messages at the same place is shown, and the way to the others. */
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
    <span className="flex items-center text-xs text-text-2">
      <Button
        look="quiet"
        isDisabled={index === 0}
        aria-label={t("message.previousVersion")}
        onPress={() => step(index - 1)}
      >
        ‹
      </Button>
      {t("message.version", { number: index + 1, of: sibling_ids.length })}
      <Button
        look="quiet"
        isDisabled={index === sibling_ids.length - 1}
        aria-label={t("message.nextVersion")}
        onPress={() => step(index + 1)}
      >
        ›
      </Button>
    </span>
  );
}

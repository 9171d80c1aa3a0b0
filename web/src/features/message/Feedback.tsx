import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { IconButton } from "../../ui/IconButton";
import { useGiveFeedbackMutation } from "./messageApi";

const ICONS = { up: ThumbsUp, down: ThumbsDown };

/** Whether an answer was good; pressing again removes the rating. */
export function Feedback({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [give] = useGiveFeedbackMutation();
  return (
    <span role="group" aria-label={t("message.feedback")} className="flex gap-px">
      {(["up", "down"] as const).map((rating) => {
        const isPressed = message.feedback === rating;
        return (
          <IconButton
            key={rating}
            label={t(`message.${rating}`)}
            icon={ICONS[rating]}
            aria-pressed={isPressed}
            className={isPressed ? "text-accent-text! [&_svg]:fill-accent-soft" : ""}
            onPress={() => void give({ id: message.id, giveFeedback: { rating: isPressed ? null : rating } })}
          />
        );
      })}
    </span>
  );
}

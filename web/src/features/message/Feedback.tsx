import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { Button } from "../../ui/Button";
import { useGiveFeedbackMutation } from "./messageApi";

const RATINGS = { up: "\u{1f44d}", down: "\u{1f44e}" } as const;

/** Whether an answer was good; what is pressed once more is taken back. */
export function Feedback({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [give] = useGiveFeedbackMutation();
  return (
    <span role="group" aria-label={t("message.feedback")} className="flex">
      {(["up", "down"] as const).map((rating) => {
        const pressed = message.feedback === rating;
        return (
          <Button
            key={rating}
            look="quiet"
            className={`text-xs ${pressed ? "" : "opacity-60 grayscale"}`}
            aria-label={t(`message.${rating}`)}
            aria-pressed={pressed}
            onPress={() => void give({ id: message.id, giveFeedback: { rating: pressed ? null : rating } })}
          >
            {RATINGS[rating]}
          </Button>
        );
      })}
    </span>
  );
}

import { useTranslation } from "react-i18next";
import { useUploadProblemText } from "../hooks/useUploadProblemText";
import type { Sending } from "../hooks/useUploads";
import { readableName } from "../lib/fileName";
import { Button } from "./Button";
import { FileName } from "./FileName";

interface Props {
  sending: Sending[];
  onDismiss: (key: number) => void;
}

/** Files on their way: how far each is, or why it was not taken. */
export function UploadList({ sending, onDismiss }: Props) {
  const { t } = useTranslation();
  const textOf = useUploadProblemText();
  if (sending.length === 0) {
    return null;
  }
  return (
    <ul className="flex flex-col gap-2">
      {sending.map(({ key, name, part, refused }) => (
        <li key={key} className="flex flex-wrap items-center gap-3">
          <FileName name={name} className="flex-1" />
          {refused === undefined ? (
            <progress
              className="h-1.5 w-40"
              aria-label={t("app.sent", { name: readableName(name) })}
              value={part}
              max={1}
            />
          ) : (
            <>
              <span role="alert" className="text-bad">
                {textOf(refused)}
              </span>
              <Button look="quiet" onPress={() => onDismiss(key)}>
                {t("app.close")}
              </Button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

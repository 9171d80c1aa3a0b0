import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../lib/copy";
import { Button } from "./Button";

interface Props {
  /** What it is called before it was pressed. */
  label: string;
  className?: string;
  text: () => string;
}

/** Copies a text, and says whether that worked and what else to do. */
export function CopyButton({ label, className, text }: Props) {
  const { t } = useTranslation();
  const [result, setResult] = useState<boolean>();
  return (
    <>
      <Button look="quiet" className={className} onPress={() => void copyText(text()).then(setResult)}>
        {result === true ? t("message.copied") : label}
      </Button>
      {result === false && (
        <span role="alert" className="text-xs">
          {t("message.copyYourself")}
        </span>
      )}
    </>
  );
}

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Window } from "./Window";

interface Props {
  title: string;
  /** What the button does, in a word. */
  action: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  children?: ReactNode;
}

/** Asks once more before something that has no way back. */
export function Confirm({ title, action, isOpen, onClose, onConfirm, children }: Props) {
  const { t } = useTranslation();
  return (
    <Window title={title} isOpen={isOpen} onClose={onClose}>
      {children}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button
          look="danger"
          onPress={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </Window>
  );
}

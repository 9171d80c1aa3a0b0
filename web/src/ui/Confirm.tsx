import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Form } from "./Form";
import { TextField } from "./TextField";

interface Props {
  title: string;
  /** What the button does, in a word. */
  action: string;
  /** What must be typed first, where much is destroyed: the name of the object. */
  mustType?: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  children?: ReactNode;
}

/** Asks once more before something that cannot be undone. */
export function Confirm({ title, action, mustType, isOpen, onClose, onConfirm, children }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const mayGoOn = mustType === undefined || typed.trim() === mustType.trim();
  const close = () => {
    setTyped("");
    onClose();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close}>
      <Form
        errors={undefined}
        onSubmit={() => {
          if (mayGoOn) {
            close();
            onConfirm();
          }
        }}
      >
        {children}
        {mustType !== undefined && (
          <TextField label={t("app.typeToConfirm", { name: mustType })} value={typed} onChange={setTyped} />
        )}
        <div className="flex justify-end gap-2">
          <Button onPress={close}>{t("app.cancel")}</Button>
          <Button type="submit" look="danger" isDisabled={!mayGoOn}>
            {action}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { AddUserForm } from "./AddUserForm";
import { NewPassword } from "./NewPassword";

/** Creates an account for somebody. */
export function AddUser() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [added, setAdded] = useState<{ name: string; password: string }>();
  const close = () => {
    setIsOpen(false);
    setAdded(undefined);
  };
  return (
    <>
      <Button look="primary" onPress={() => setIsOpen(true)}>
        <UserPlus aria-hidden="true" />
        {t("user.new")}
      </Button>
      <Dialog title={t("user.new")} isOpen={isOpen} onClose={close}>
        {added === undefined ? (
          <AddUserForm
            onCancel={close}
            onAdded={(name, password) => (password ? setAdded({ name, password }) : close())}
          />
        ) : (
          <NewPassword {...added} onClose={close} />
        )}
      </Dialog>
    </>
  );
}

import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { CopyLine } from "../../ui/CopyLine";

interface Props {
  name: string;
  password: string;
  onClose: () => void;
}

/** A password that was generated; it cannot be read again. */
export function NewPassword({ name, password, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("user.passwordOnce", { name })}</p>
      <CopyLine label={t("user.password")} text={password} />
      <Button look="primary" className="self-end" onPress={onClose}>
        {t("user.done")}
      </Button>
    </>
  );
}

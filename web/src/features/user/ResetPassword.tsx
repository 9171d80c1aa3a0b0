import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { PasswordField } from "../../ui/PasswordField";
import { toast } from "../../ui/Toast";
import { NewPassword } from "./NewPassword";
import { type User, useResetPasswordMutation } from "./userApi";

/** Gives somebody a new password, typed or generated, and signs them out everywhere. */
export function ResetPassword({ user: { id, display_name: name }, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [reset, { data, error, isLoading }] = useResetPasswordMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const generated = data?.generated_password;

  async function submit() {
    const done = await reset({ id, resetPassword: { new_password: password || null } });
    if (done.error === undefined && done.data.generated_password == null) {
      toast(t("user.passwordReset", { name }));
      onClose();
    }
  }

  return (
    <Dialog title={t("user.resetTitle", { name })} isOpen onClose={onClose}>
      {generated == null ? (
        <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
          {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
          <p>{t("user.resetHint")}</p>
          <PasswordField
            name="new_password"
            label={t("user.newPassword")}
            hint={t("user.generateHint")}
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
          />
          <div className="flex justify-end gap-2">
            <Button onPress={onClose}>{t("app.cancel")}</Button>
            <Button type="submit" look="primary" isPending={isLoading}>
              {t("user.resetPassword")}
            </Button>
          </div>
        </Form>
      ) : (
        <NewPassword name={name} password={generated} onClose={onClose} />
      )}
    </Dialog>
  );
}

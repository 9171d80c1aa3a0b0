import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChangePassword } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { PasswordField } from "../../ui/PasswordField";
import { toast } from "../../ui/Toast";
import { useChangePasswordMutation } from "./sessionApi";

const EMPTY: ChangePassword = { current_password: "", new_password: "" };

/** A new password, by who knows the present one; other devices are signed out by it. */
export function PasswordForm() {
  const { t } = useTranslation();
  const [given, setGiven] = useState(EMPTY);
  const [change] = useChangePasswordMutation();
  const { submit, busy, problem } = useSubmit(async (changePassword: ChangePassword) => {
    await change({ changePassword }).unwrap();
    setGiven(EMPTY);
    toast(t("session.passwordChanged"));
  });
  return (
    <Form
      label={t("session.changePassword")}
      errors={problem && fieldErrors(problem)}
      onSubmit={() => void submit(given)}
    >
      <h2 className="text-section">{t("session.changePassword")}</h2>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <PasswordField
        name="current_password"
        label={t("session.currentPassword")}
        isRequired
        autoComplete="current-password"
        value={given.current_password}
        onChange={(current_password) => setGiven({ ...given, current_password })}
      />
      <PasswordField
        name="new_password"
        label={t("session.newPassword")}
        hint={t("session.passwordHint")}
        isRequired
        minLength={8}
        autoComplete="new-password"
        value={given.new_password}
        onChange={(new_password) => setGiven({ ...given, new_password })}
      />
      <Button type="submit" look="primary" className="self-start" isPending={busy}>
        {t("session.changePassword")}
      </Button>
    </Form>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import type { User } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { PasswordField } from "../../ui/PasswordField";
import { TextField } from "../../ui/TextField";
import { toast } from "../../ui/Toast";
import { useChangeEmailMutation } from "./sessionApi";
import { changed } from "./sessionSlice";

/** Another address to sign in with, by who knows the password. */
export function EmailForm({ me }: { me: User }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const [email, setEmail] = useState(me.email ?? "");
  const [password, setPassword] = useState("");
  const [change] = useChangeEmailMutation();
  const { submit, busy, problem } = useSubmit(async () => {
    const body = { email, current_password: password };
    dispatch(changed(await change({ changeEmail: body }).unwrap()));
    setPassword("");
    toast(t("session.emailChanged"));
  });
  const isOther = email.trim() !== me.email;
  return (
    <Form
      label={t("session.changeEmail")}
      errors={problem && fieldErrors(problem)}
      onSubmit={() => void submit(undefined)}
    >
      <h2 className="text-section">{t("session.email")}</h2>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField
        name="email"
        type="email"
        label={t("session.emailAddress")}
        isRequired
        autoComplete="email"
        value={email}
        onChange={setEmail}
      />
      {isOther && (
        <PasswordField
          name="current_password"
          label={t("session.confirmPassword")}
          isRequired
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
      )}
      <Button type="submit" look="primary" className="self-start" isPending={busy} isDisabled={!isOther}>
        {t("session.changeEmail")}
      </Button>
    </Form>
  );
}

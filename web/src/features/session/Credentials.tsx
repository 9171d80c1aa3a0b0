import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { PasswordField } from "../../ui/PasswordField";
import { TextField } from "../../ui/TextField";

export interface Given {
  email: string;
  password: string;
  display_name: string;
  token: string;
}

interface Props {
  /** Fields beside address and password. */
  asks?: ("display_name" | "token")[];
  initial?: Partial<Given>;
  action: string;
  /** Rejects with the error of a query. */
  onSubmit: (given: Given) => Promise<unknown>;
  children?: ReactNode;
}

/** The form of sign-in, sign-up and set-up. Errors are shown at their fields; nothing that was typed is lost. */
export function Credentials({ asks = [], initial, action, onSubmit, children }: Props) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Given>({ email: "", password: "", display_name: "", token: "", ...initial });
  const [failed, setFailed] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const problem = failed === undefined ? undefined : problemOf(failed);
  const isNew = asks.includes("display_name");
  const set = (name: keyof Given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));

  async function submit() {
    setBusy(true);
    setFailed(undefined);
    try {
      await onSubmit(given);
    } catch (error) {
      setFailed(error);
      setBusy(false);
    }
  }

  return (
    <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && (
        <Alert>{problem.status === 401 ? t("session.wrong") : problem.detail || t("app.unreachable")}</Alert>
      )}
      {asks.includes("token") && (
        <TextField name="token" label={t("session.token")} isRequired value={given.token} onChange={set("token")} />
      )}
      {isNew && (
        <TextField
          name="display_name"
          label={t("session.displayName")}
          isRequired
          autoComplete="name"
          value={given.display_name}
          onChange={set("display_name")}
        />
      )}
      <TextField
        name="email"
        type="email"
        label={t("session.email")}
        isRequired
        autoComplete="username"
        value={given.email}
        onChange={set("email")}
      />
      <PasswordField
        name="password"
        label={t("session.password")}
        hint={isNew ? t("session.passwordHint") : undefined}
        isRequired
        minLength={isNew ? 8 : undefined}
        autoComplete={isNew ? "new-password" : "current-password"}
        value={given.password}
        onChange={set("password")}
      />
      <Button type="submit" look="primary" isPending={busy}>
        {action}
      </Button>
      {children}
    </Form>
  );
}

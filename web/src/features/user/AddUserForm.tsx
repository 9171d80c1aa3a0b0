import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { generatePassword } from "../../lib/password";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { PasswordField } from "../../ui/PasswordField";
import { TextField } from "../../ui/TextField";
import { toast } from "../../ui/Toast";
import type { Role } from "./roles";
import { RoleSelect } from "./RoleSelect";
import { useCreateUserMutation } from "./userApi";

interface Props {
  onCancel: () => void;
  /** With the password if it was generated. */
  onAdded: (name: string, generated: string | undefined) => void;
}

/** A new account: without a password one is generated. */
export function AddUserForm({ onCancel, onAdded }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("user");
  const [create, { error, isLoading }] = useCreateUserMutation();
  // Kept, so that the same request is sent again after a failure.
  const [generated] = useState(generatePassword);
  const problem = error === undefined ? undefined : problemOf(error);

  async function submit() {
    const createUser = { display_name: name, email, password: password || generated, role };
    const { error: refused } = await create({ createUser });
    if (refused === undefined) {
      toast(t("user.created", { name }));
      onAdded(name, password === "" ? generated : undefined);
    }
  }

  return (
    <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField name="display_name" label={t("user.name")} isRequired value={name} onChange={setName} />
      <TextField name="email" type="email" label={t("user.email")} isRequired value={email} onChange={setEmail} />
      <RoleSelect role={role} onChange={setRole} />
      <PasswordField
        name="password"
        label={t("user.password")}
        hint={t("user.generateHint")}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onCancel}>{t("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={isLoading}>
          {t("user.new")}
        </Button>
      </div>
    </Form>
  );
}

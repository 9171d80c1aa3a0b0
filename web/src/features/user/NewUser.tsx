import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { Dialog } from "../../ui/Dialog";
import { type Role, ROLES } from "./roles";
import { useCreateUserMutation } from "./userApi";

const EMPTY = { display_name: "", email: "", password: "", role: "user" as Role };

/** Makes an account for somebody. */
export function NewUser() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [given, setGiven] = useState(EMPTY);
  const [create, { error, isLoading, reset }] = useCreateUserMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const set = (name: keyof typeof EMPTY) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));
  const close = () => {
    setIsOpen(false);
    reset();
  };

  async function submit() {
    const made = await create({ createUser: given });
    if (made.error === undefined) {
      setGiven(EMPTY);
      close();
    }
  }

  return (
    <>
      <Button look="primary" onPress={() => setIsOpen(true)}>
        {t("user.new")}
      </Button>
      <Dialog title={t("user.new")} isOpen={isOpen} onClose={close}>
        <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
          {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
          <TextField
            name="display_name"
            label={t("user.name")}
            isRequired
            value={given.display_name}
            onChange={set("display_name")}
          />
          <TextField
            name="email"
            type="email"
            label={t("user.email")}
            isRequired
            value={given.email}
            onChange={set("email")}
          />
          <TextField
            name="password"
            type="password"
            label={t("user.password")}
            hint={t("user.passwordHint")}
            isRequired
            autoComplete="new-password"
            value={given.password}
            onChange={set("password")}
          />
          <Select
            label={t("user.role")}
            value={given.role}
            options={Object.fromEntries(Object.entries(ROLES).map(([role, text]) => [role, t(text)]))}
            onChange={set("role")}
          />
          <div className="flex justify-end gap-2">
            <Button onPress={close}>{t("app.cancel")}</Button>
            <Button type="submit" look="primary" isPending={isLoading}>
              {t("user.create")}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}

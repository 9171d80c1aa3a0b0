import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { TextField } from "../../ui/TextField";
import { toast } from "../../ui/Toast";
import { type User, useUpdateUserMutation } from "./userApi";

/** Changes the name and the address of somebody. */
export function EditUser({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(user.display_name);
  const [email, setEmail] = useState(user.email ?? "");
  const [update, { error, isLoading }] = useUpdateUserMutation();
  const problem = error === undefined ? undefined : problemOf(error);

  async function submit() {
    const updateUser = {
      display_name: name === user.display_name ? undefined : name,
      email: email === (user.email ?? "") ? undefined : email,
    };
    const { error: refused } = await update({ id: user.id, updateUser });
    if (refused === undefined) {
      toast(t("user.saved"));
      onClose();
    }
  }

  return (
    <Dialog title={t("user.editTitle", { name: user.display_name })} isOpen onClose={onClose}>
      <Form errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
        {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
        <TextField name="display_name" label={t("user.name")} isRequired value={name} onChange={setName} />
        <TextField
          name="email"
          type="email"
          label={t("user.email")}
          hint={t("user.emailHint")}
          isRequired
          value={email}
          onChange={setEmail}
        />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" look="primary" isPending={isLoading}>
            {t("user.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { toast } from "../../ui/Toast";
import { RoleSelect } from "./RoleSelect";
import { type User, useUpdateUserMutation } from "./userApi";

/** Gives somebody another role, once it is confirmed. */
export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const [role, setRole] = useState(user.role);
  const [update, { error, isLoading }] = useUpdateUserMutation();
  const name = user.display_name;

  async function submit() {
    const { error: refused } = await update({ id: user.id, updateUser: { role } });
    if (refused === undefined) {
      toast(t("user.roleChanged", { name, role: t(`user.${role}`) }));
      onClose();
    }
  }

  return (
    <Dialog title={t("user.roleOf", { name })} isOpen onClose={onClose}>
      <Form errors={undefined} onSubmit={() => void submit()}>
        {error !== undefined && <Failed problem={problemOf(error)} />}
        <RoleSelect role={role} onChange={setRole} />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" look="primary" isPending={isLoading} isDisabled={role === user.role}>
            {t("user.changeRole")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

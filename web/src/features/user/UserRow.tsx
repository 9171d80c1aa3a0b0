import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { Badge } from "../../ui/Badge";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { Status } from "../../ui/Status";
import { Cell, NoteRow, Row } from "../../ui/Table";
import { Tile } from "../../ui/Tile";
import { toast } from "../../ui/Toast";
import { EditUser } from "./EditUser";
import { ResetPassword } from "./ResetPassword";
import { ROLES } from "./roles";
import { RoleDialog } from "./RoleDialog";
import { type User, useDeleteUserMutation, useUpdateUserMutation } from "./userApi";
import { type UserAction, UserMenu } from "./UserMenu";

/** One person: the role, whether the account may be used, and what can be done about it. */
export function UserRow({ user, isMe }: { user: User; isMe: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [update, change] = useUpdateUserMutation();
  const [erase, erasure] = useDeleteUserMutation();
  const [action, setAction] = useState<UserAction>();
  const { id, display_name: name, suspended } = user;
  const failed = change.error ?? erasure.error;
  const close = () => setAction(undefined);

  async function suspend(isSuspended: boolean) {
    const { error } = await update({ id, updateUser: { suspended: isSuspended } });
    if (error === undefined) {
      toast(t(isSuspended ? "user.wasSuspended" : "user.wasReactivated", { name }));
    }
  }

  return (
    <>
      <Row>
        <Cell>
          <span className="flex min-w-44 items-center gap-3">
            <Tile name={name} isRound />
            <span className="flex min-w-0 flex-col">
              <span className="flex items-center gap-2 font-[560]">
                <span dir="auto">{name}</span>
                {isMe && <Badge>{t("user.you")}</Badge>}
              </span>
              <span className="text-small break-all text-text-3">
                <bdi dir="ltr">{user.email}</bdi>
              </span>
            </span>
          </span>
        </Cell>
        <Cell>{t(ROLES[user.role])}</Cell>
        <Cell>
          <Status look={suspended ? "bad" : "good"}>{t(suspended ? "user.suspended" : "user.active")}</Status>
        </Cell>
        <Cell>
          <span className="whitespace-nowrap text-text-2">
            {user.last_active_at == null ? t("user.notLately") : format.dateTime(user.last_active_at)}
          </span>
        </Cell>
        <Cell align="end" isPinned>
          <UserMenu user={user} isMe={isMe} onAction={setAction} onSuspend={(is) => void suspend(is)} />
          {action === "role" && <RoleDialog user={user} onClose={close} />}
          {action === "edit" && <EditUser user={user} onClose={close} />}
          {action === "password" && <ResetPassword user={user} onClose={close} />}
          <Confirm
            title={t("user.eraseTitle", { name })}
            action={t("user.erase")}
            mustType={name}
            isOpen={action === "erase"}
            onClose={close}
            onConfirm={() => void erase({ id })}
          >
            <p>{t("user.eraseHint")}</p>
          </Confirm>
        </Cell>
      </Row>
      {failed !== undefined && (
        <NoteRow>
          <Failed problem={problemOf(failed)} />
        </NoteRow>
      )}
    </>
  );
}

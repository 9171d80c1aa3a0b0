import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { Cell, Row } from "../../ui/Table";
import { type Role, ROLES } from "./roles";
import { type User, useDeleteUserMutation, useUpdateUserMutation } from "./userApi";

/** One person: the role, whether the account may be used, and its end. */
export function UserRow({ user, isMe }: { user: User; isMe: boolean }) {
  const { t } = useTranslation();
  const [update, change] = useUpdateUserMutation();
  const [erase, erasure] = useDeleteUserMutation();
  const [confirms, setConfirms] = useState(false);
  const { id, display_name: name, suspended } = user;
  const failed = change.error ?? erasure.error;
  return (
    <>
      <Row>
        <Cell>
          {name}
          {isMe && <span className="ml-2 text-xs text-text-2">{t("user.you")}</span>}
        </Cell>
        <Cell>{user.email}</Cell>
        <Cell>
          <select
            aria-label={t("user.roleOf", { name })}
            value={user.role}
            disabled={change.isLoading}
            onChange={(event) => void update({ id, updateUser: { role: event.target.value as Role } })}
            className="min-h-9 rounded-lg border border-line bg-bg px-2"
          >
            {Object.entries(ROLES).map(([role, text]) => (
              <option key={role} value={role}>
                {t(text)}
              </option>
            ))}
          </select>
        </Cell>
        <Cell>
          <Status look={suspended ? "bad" : "good"}>{t(suspended ? "user.suspended" : "user.active")}</Status>
        </Cell>
        <Cell>
          <span className="flex gap-2">
            <Button
              isPending={change.isLoading}
              aria-label={t(suspended ? "user.reactivateOf" : "user.suspendOf", { name })}
              onPress={() => void update({ id, updateUser: { suspended: !suspended } })}
            >
              {t(suspended ? "user.reactivate" : "user.suspend")}
            </Button>
            <Button aria-label={t("user.eraseOf", { name })} onPress={() => setConfirms(true)}>
              {t("user.erase")}
            </Button>
          </span>
          <Confirm
            title={t("user.eraseTitle", { name })}
            action={t("user.erase")}
            isOpen={confirms}
            onClose={() => setConfirms(false)}
            onConfirm={() => void erase({ id })}
          >
            <p className="text-sm">{t("user.eraseHint")}</p>
          </Confirm>
        </Cell>
      </Row>
      {failed !== undefined && (
        <tr>
          <td colSpan={5} className="px-3 pb-2">
            <Failed problem={problemOf(failed)} />
          </td>
        </tr>
      )}
    </>
  );
}

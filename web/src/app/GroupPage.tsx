import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { problemOf } from "../api/problem";
import { AddMember } from "../features/group/AddMember";
import { useDeleteGroupMutation, useGetGroupQuery, useUpdateGroupMutation } from "../features/group/groupApi";
import { GroupForm } from "../features/group/GroupForm";
import { MemberTable } from "../features/group/MemberTable";
import { Button } from "../ui/Button";
import { Confirm } from "../ui/Confirm";
import { Failed } from "../ui/Failed";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "../ui/Page";

/** One group: who is in it, and what it is called. */
export function Component() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const { data: group, isError, error, refetch } = useGetGroupQuery({ id });
  const [update] = useUpdateGroupMutation();
  const [remove, removal] = useDeleteGroupMutation();
  const [confirms, setConfirms] = useState(false);
  if (group === undefined) {
    return (
      <Page title={t("group.groups")}>
        {isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />}
      </Page>
    );
  }

  async function erase() {
    const { error: refused } = await remove({ id });
    if (refused === undefined) {
      await navigate("/admin/groups");
    }
  }

  return (
    <Page title={group.name} actions={<Button onPress={() => setConfirms(true)}>{t("group.delete")}</Button>}>
      {removal.error !== undefined && <Failed problem={problemOf(removal.error)} />}
      <MemberTable group={id} />
      <AddMember group={id} />
      <GroupForm
        key={`${group.name}\n${group.description}`}
        group={group}
        action={t("group.save")}
        onSubmit={(updateGroup) => update({ id, updateGroup }).unwrap()}
      />
      <Confirm
        title={t("group.deleteTitle", { name: group.name })}
        action={t("group.delete")}
        isOpen={confirms}
        onClose={() => setConfirms(false)}
        onConfirm={() => void erase()}
      >
        <p className="text-sm">{t("group.deleteHint")}</p>
      </Confirm>
    </Page>
  );
}

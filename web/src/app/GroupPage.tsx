import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { problemOf } from "../api/problem";
import { AddMember } from "../features/group/AddMember";
import { useDeleteGroupMutation, useGetGroupQuery, useUpdateGroupMutation } from "../features/group/groupApi";
import { GroupForm } from "../features/group/GroupForm";
import { MemberTable } from "../features/group/MemberTable";
import { forgetUnsaved } from "../hooks/useUnsaved";
import { useTab } from "../hooks/useTab";
import { DangerZone } from "../ui/DangerZone";
import { Failed } from "../ui/Failed";
import { Page } from "../ui/Page";
import { Tabs } from "../ui/Tabs";
import { toast } from "../ui/Toast";
import { Pending } from "./Pending";
import { useMe } from "./useMe";

/** One group: who is in it, and what it is called. */
export function Component() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const me = useMe();
  const navigate = useNavigate();
  const query = useGetGroupQuery({ id });
  const { data: group } = query;
  const [update] = useUpdateGroupMutation();
  const [remove, removal] = useDeleteGroupMutation();
  const [tab, setTab] = useTab(["members", "settings"]);
  const back = { to: "/admin/groups", title: t("group.groups") };
  if (group === undefined) {
    return <Pending title={t("group.groups")} back={back} query={query} />;
  }
  const { name, description } = group;

  async function erase() {
    const { error: refused } = await remove({ id });
    if (refused === undefined) {
      forgetUnsaved();
      await navigate("/admin/groups");
      toast(t("app.deleted", { name }));
    }
  }

  const members = (
    <>
      <AddMember group={id} knowsUsers={me.role === "admin"} />
      <MemberTable group={id} />
    </>
  );
  const settings = (
    <>
      <GroupForm group={group} onSave={(updateGroup) => update({ id, updateGroup }).unwrap()} />
      <DangerZone
        action={t("group.delete")}
        question={t("group.deleteTitle", { name })}
        hint={t("group.deleteHint")}
        mustType={group.members > 0 ? name : undefined}
        isPending={removal.isLoading}
        onConfirm={() => void erase()}
      >
        {removal.error !== undefined && <Failed problem={problemOf(removal.error)} />}
      </DangerZone>
    </>
  );
  return (
    <Page title={name} description={description || undefined} back={back}>
      <Tabs
        label={name}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: "members", title: t("group.members"), content: members },
          { id: "settings", title: t("app.settings"), content: settings },
        ]}
      />
    </Page>
  );
}

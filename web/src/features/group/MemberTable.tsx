import { Ellipsis, UserMinus, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Member } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { PagedList } from "../../ui/PagedList";
import { Cell, Row, Table } from "../../ui/Table";
import { Tile } from "../../ui/Tile";
import { toast } from "../../ui/Toast";
import { useAddMemberMutation, useMembersInfiniteQuery, useRemoveMemberMutation } from "./groupApi";

/** Who is in a group. */
export function MemberTable({ group }: { group: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useMembersInfiniteQuery(group);
  const [add] = useAddMemberMutation();
  const [remove, removal] = useRemoveMemberMutation();
  const columns = [
    t("group.name"),
    { title: t("group.since"), align: "end" as const },
    { title: t("user.actions"), isHidden: true as const },
  ];

  async function takeOut({ user_id, display_name: name }: Member) {
    const { error } = await remove({ id: group, userId: user_id });
    if (error === undefined) {
      const undo = () => void add({ id: group, addMember: { user_id } });
      toast(t("group.removed", { name }), { label: t("conversation.undo"), onPress: undo });
    }
  }

  return (
    <>
      {removal.error !== undefined && <Failed problem={problemOf(removal.error)} />}
      <PagedList
        query={found}
        problem={found.isError ? problemOf(found.error) : undefined}
        empty={<EmptyState icon={Users} title={t("group.empty")} />}
      >
        {(members) => (
          <Table label={t("group.members")} columns={columns}>
            {members.map((member) => (
              <Row key={member.user_id}>
                <Cell>
                  <div className="flex items-center gap-3">
                    <Tile name={member.display_name} isRound />
                    <div className="min-w-0">
                      <p dir="auto" className="font-[560] break-words">
                        {member.display_name}
                      </p>
                      <p className="text-small break-all text-text-3">
                        <bdi dir="ltr">{member.email}</bdi>
                      </p>
                    </div>
                  </div>
                </Cell>
                <Cell align="end">
                  <span className="whitespace-nowrap text-text-2">{format.date(member.added_at)}</span>
                </Cell>
                <Cell align="end">
                  <Menu
                    label={t("conversation.actions", { title: member.display_name })}
                    groups={[
                      [
                        {
                          id: "remove",
                          label: t("group.remove"),
                          icon: UserMinus,
                          isDanger: true,
                          onAction: () => void takeOut(member),
                        },
                      ],
                    ]}
                  >
                    <IconButton label={t("conversation.actions", { title: member.display_name })} icon={Ellipsis} />
                  </Menu>
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </PagedList>
    </>
  );
}

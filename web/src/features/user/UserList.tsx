import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { Table } from "../../ui/Table";
import { useUsersInfiniteQuery } from "./userApi";
import { UserRow } from "./UserRow";

/** Everybody who has an account, page by page. */
export function UserList({ meId }: { meId: string }) {
  const { t } = useTranslation();
  const query = useUsersInfiniteQuery(undefined);
  const isRefused = query.isError && !(isTransient(query.error) && query.data !== undefined);
  const columns = [
    t("user.name"),
    t("user.role"),
    t("user.state"),
    { title: t("user.actions"), isHidden: true as const },
  ];
  return (
    <PagedList
      query={query}
      problem={isRefused ? problemOf(query.error) : undefined}
      empty={<EmptyState icon={Users} title={t("user.noneFound")} />}
    >
      {(users) => (
        <Table label={t("user.users")} columns={columns}>
          {users.map((user) => (
            <UserRow key={user.id} user={user} isMe={user.id === meId} />
          ))}
        </Table>
      )}
    </PagedList>
  );
}

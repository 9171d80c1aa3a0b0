import { Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { useDebounced } from "../../hooks/useDebounced";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { Table } from "../../ui/Table";
import { type UserSort, useUsersInfiniteQuery } from "./userApi";
import { UserRow } from "./UserRow";

/** Everybody who has an account, to be searched and sorted. */
export function UserList({ meId }: { meId: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [sort, setSort] = useState<UserSort>("name");
  const query = useUsersInfiniteQuery({ text: useDebounced(text.trim(), 250), sort });
  const isRefused = query.isError && !(isTransient(query.error) && query.data !== undefined);
  const columns = [
    t("user.name"),
    t("user.role"),
    t("user.state"),
    t("user.lastActive"),
    { title: t("user.actions"), isHidden: true as const },
  ];
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput label={t("user.search")} value={text} onChange={setText} />
        <Select
          label={t("user.sort")}
          isLabelHidden
          value={sort}
          options={{
            name: t("user.sorts.name"),
            last_active_at: t("user.sorts.lastActive"),
            created_at: t("user.sorts.created"),
          }}
          onChange={setSort}
        />
      </div>
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
    </>
  );
}

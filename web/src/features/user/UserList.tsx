import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { useUsersInfiniteQuery } from "./userApi";
import { UserRow } from "./UserRow";

/** Everybody who has an account. */
export function UserList({ meId }: { meId: string }) {
  const { t } = useTranslation();
  const found = useUsersInfiniteQuery(undefined);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  const columns = [t("user.name"), t("user.email"), t("user.role"), t("user.state"), t("user.actions")];
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      <Table label={t("user.users")} columns={columns}>
        {items.map((user) => (
          <UserRow key={user.id} user={user} isMe={user.id === meId} />
        ))}
      </Table>
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Cell, Row, Table } from "../../ui/Table";
import { useMembersInfiniteQuery, useRemoveMemberMutation } from "./groupApi";

/** Who is in a group. */
export function MemberTable({ group }: { group: string }) {
  const { t } = useTranslation();
  const found = useMembersInfiniteQuery(group);
  const [remove, removal] = useRemoveMemberMutation();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      {removal.error !== undefined && <Failed problem={problemOf(removal.error)} />}
      {found.isSuccess && items.length === 0 && <p className="text-sm text-text-2">{t("group.empty")}</p>}
      {items.length > 0 && (
        <Table label={t("group.members")} columns={[t("user.name"), t("user.email"), t("user.actions")]}>
          {items.map(({ user_id, display_name: name, email }) => (
            <Row key={user_id}>
              <Cell>{name}</Cell>
              <Cell>{email}</Cell>
              <Cell>
                <Button
                  aria-label={t("group.removeOf", { name })}
                  isPending={removal.isLoading}
                  onPress={() => void remove({ id: group, userId: user_id })}
                >
                  {t("group.remove")}
                </Button>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

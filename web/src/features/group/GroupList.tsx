import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Cell, Row, Table } from "../../ui/Table";
import { useGroupsInfiniteQuery } from "./groupApi";

/** All groups that one sees. */
export function GroupList() {
  const { t } = useTranslation();
  const found = useGroupsInfiniteQuery(undefined);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoading) {
    return <Skeleton />;
  }
  return (
    <>
      {found.isError && <Failed problem={problemOf(found.error)} onRetry={found.refetch} />}
      {found.isSuccess && items.length === 0 && <p className="text-sm text-text-2">{t("group.none")}</p>}
      {items.length > 0 && (
        <Table label={t("group.groups")} columns={[t("group.name"), t("group.description"), t("group.members")]}>
          {items.map((group) => (
            <Row key={group.id}>
              <Cell>
                <Link to={`/admin/groups/${group.id}`} className="font-medium break-words underline">
                  {group.name}
                </Link>
              </Cell>
              <Cell>{group.description}</Cell>
              <Cell>{group.members}</Cell>
            </Row>
          ))}
        </Table>
      )}
      {found.hasNextPage && <Button onPress={() => void found.fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

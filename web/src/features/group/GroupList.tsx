import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { Cell, Row, Table } from "../../ui/Table";
import { useGroupsInfiniteQuery } from "./groupApi";

/** All groups that one sees. */
export function GroupList() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useGroupsInfiniteQuery(undefined);
  const columns = [
    t("group.name"),
    { title: t("group.members"), align: "end" as const },
    { title: t("group.created"), align: "end" as const },
  ];
  return (
    <PagedList
      query={found}
      problem={found.isError ? problemOf(found.error) : undefined}
      empty={<EmptyState icon={Users} title={t("group.none")} />}
    >
      {(groups) => (
        <Table label={t("group.groups")} columns={columns}>
          {groups.map((group) => (
            <Row key={group.id}>
              <Cell>
                <Link
                  to={`/admin/groups/${group.id}`}
                  dir="auto"
                  className="font-[560] break-words hover:text-accent-text hover:underline"
                >
                  {group.name}
                </Link>
                <p dir="auto" className="line-clamp-1 text-small text-text-3">
                  {group.description}
                </p>
              </Cell>
              <Cell align="end">{format.number(group.members)}</Cell>
              <Cell align="end">
                <span className="whitespace-nowrap text-text-2">{format.date(group.created_at)}</span>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </PagedList>
  );
}

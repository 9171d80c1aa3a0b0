import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { useListProjectionsQuery } from "./projectionApi";
import { ProjectionRow } from "./ProjectionRow";

/** How often the positions are read while somebody looks, in milliseconds. */
const LOOK = 2_000;

/** All read models, live. */
export function ProjectionList() {
  const { t } = useTranslation();
  const { data, error, refetch } = useListProjectionsQuery(undefined, {
    pollingInterval: LOOK,
    skipPollingIfUnfocused: true,
  });
  if (data === undefined) {
    return error === undefined || isTransient(error) ? (
      <Skeleton lines={8} />
    ) : (
      <Failed problem={problemOf(error)} onRetry={refetch} />
    );
  }
  const columns = [
    t("projection.name"),
    t("projection.state"),
    { title: t("projection.position"), align: "end" as const },
    { title: t("projection.lag"), align: "end" as const },
    { title: t("projection.parked"), align: "end" as const },
    { title: t("projection.actions"), isHidden: true as const },
  ];
  return (
    <Table label={t("projection.projections")} columns={columns}>
      {data.items.map((projection) => (
        <ProjectionRow key={projection.name} projection={projection} />
      ))}
    </Table>
  );
}

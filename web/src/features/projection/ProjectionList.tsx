import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { useListProjectionsQuery } from "./projectionApi";
import { ProjectionRow } from "./ProjectionRow";

/** How often the positions are read while somebody looks, in milliseconds. */
const LOOK = 1_000;

/** All read models, live. */
export function ProjectionList() {
  const { t } = useTranslation();
  const { data, isLoading, error, refetch } = useListProjectionsQuery(undefined, {
    pollingInterval: LOOK,
    skipPollingIfUnfocused: true,
  });
  if (isLoading) {
    return <Skeleton />;
  }
  const columns = [
    t("projection.name"),
    t("projection.position"),
    t("projection.lag"),
    t("projection.parked"),
    t("projection.actions"),
  ];
  return (
    <>
      {error !== undefined && <Failed problem={problemOf(error)} onRetry={refetch} />}
      <Table label={t("projection.projections")} columns={columns}>
        {data?.items.map((projection) => (
          <ProjectionRow key={projection.name} projection={projection} />
        ))}
      </Table>
    </>
  );
}

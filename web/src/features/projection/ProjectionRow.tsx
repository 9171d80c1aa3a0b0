import { useTranslation } from "react-i18next";
import type { Projection } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { Failed } from "../../ui/Failed";
import { Cell, Row } from "../../ui/Table";
import { ParkedList } from "./ParkedList";
import { useRebuildProjectionMutation } from "./projectionApi";

/** One read model: where it stands, what it waits with, and making it anew. */
export function ProjectionRow({ projection }: { projection: Projection }) {
  const { t, i18n } = useTranslation();
  const [rebuild, { data: begun, error }] = useRebuildProjectionMutation();
  const { job, isRunning, error: lost } = useJob(begun);
  const { name, position, lag, parked, version } = projection;
  const failed = error ?? lost;
  return (
    <>
      <Row>
        <Cell>
          <span>{name}</span> <span className="text-xs text-text-2">v{version}</span>
        </Cell>
        <Cell>{position.toLocaleString(i18n.language)}</Cell>
        <Cell>
          <Status look={lag === 0 ? "good" : "plain"}>{lag.toLocaleString(i18n.language)}</Status>
        </Cell>
        <Cell>
          <Status look={parked === 0 ? "plain" : "bad"}>{parked}</Status>
        </Cell>
        <Cell>
          <span className="flex items-center gap-2">
            <Button
              isPending={isRunning}
              aria-label={t("projection.rebuildOf", { name })}
              onPress={() => void rebuild({ name })}
            >
              {t("projection.rebuild")}
            </Button>
            <span role="status" className="text-xs text-text-2">
              {job !== undefined && isRunning && t("projection.rebuilding", { done: job.progress.done })}
              {job?.status === "completed" && t("projection.rebuilt")}
              {job?.status === "failed" && (job.error ?? t("app.failed"))}
            </span>
          </span>
        </Cell>
      </Row>
      {(failed !== undefined || parked > 0) && (
        <tr>
          <td colSpan={5} className="px-3 pb-2">
            {failed !== undefined && <Failed problem={problemOf(failed)} />}
            {parked > 0 && <ParkedList name={name} />}
          </td>
        </tr>
      )}
    </>
  );
}

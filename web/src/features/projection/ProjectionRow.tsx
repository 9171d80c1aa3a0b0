import { Ellipsis, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Projection } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { useJob } from "../../hooks/useJob";
import { useFormat } from "../../hooks/useFormat";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { Status } from "../../ui/Status";
import { Cell, NoteRow, Row } from "../../ui/Table";
import { toast } from "../../ui/Toast";
import { ParkedList } from "./ParkedList";
import { useRebuildProjectionMutation } from "./projectionApi";

/** One read model: how far it is, what it could not apply, and rebuilding it from the log. */
export function ProjectionRow({ projection }: { projection: Projection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [rebuild, { data: started, error }] = useRebuildProjectionMutation();
  const { job, isRunning, error: lost } = useJob(started);
  const [asks, setAsks] = useState(false);
  const { name, position, lag, parked, version } = projection;
  const number = (value: number) => format.number(value);
  const failure = job?.status === "failed" ? { detail: t("app.failed"), cause: job.error } : undefined;
  const failed = error ?? lost;
  const problem = failed === undefined ? failure : problemOf(failed);
  const isRebuilt = job?.status === "completed";
  useEffect(() => {
    if (isRebuilt) {
      toast(t("projection.rebuilt", { name }));
    }
  }, [isRebuilt, name, t]);
  return (
    <>
      <Row>
        <Cell>
          <span className="font-[560]">{name}</span>{" "}
          <span className="text-small text-text-3">{t("projection.version", { version })}</span>
        </Cell>
        <Cell>
          <span role="status">
            {isRunning && job !== undefined ? (
              <Status>{t("projection.rebuilding", { count: job.progress.done })}</Status>
            ) : (
              <State lag={lag} parked={parked} />
            )}
          </span>
        </Cell>
        <Cell align="end">{number(position)}</Cell>
        <Cell align="end">{number(lag)}</Cell>
        <Cell align="end">{number(parked)}</Cell>
        <Cell align="end" isPinned>
          <Menu
            label={t("projection.actionsOf", { name })}
            groups={[
              [
                {
                  id: "rebuild",
                  label: t("projection.rebuild"),
                  icon: RefreshCw,
                  isDisabled: isRunning,
                  onAction: () => setAsks(true),
                },
              ],
            ]}
          >
            <IconButton label={t("projection.actionsOf", { name })} icon={Ellipsis} />
          </Menu>
          <Confirm
            title={t("projection.rebuildTitle", { name })}
            action={t("projection.rebuild")}
            isOpen={asks}
            onClose={() => setAsks(false)}
            onConfirm={() => void rebuild({ name })}
          >
            <p>{t("projection.rebuildHint")}</p>
          </Confirm>
        </Cell>
      </Row>
      {(problem !== undefined || parked > 0) && (
        <NoteRow>
          {problem !== undefined && <Failed problem={problem} />}
          {parked > 0 && <ParkedList name={name} />}
        </NoteRow>
      )}
    </>
  );
}

function State({ lag, parked }: { lag: number; parked: number }) {
  const { t } = useTranslation();
  if (parked > 0) {
    return <Status look="warn">{t("projection.hasParked")}</Status>;
  }
  return lag === 0 ? (
    <Status look="good">{t("projection.current")}</Status>
  ) : (
    <Status>{t("projection.catchingUp")}</Status>
  );
}

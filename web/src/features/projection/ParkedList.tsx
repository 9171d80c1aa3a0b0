import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { useListParkedQuery, useRetryParkedMutation } from "./projectionApi";

/** Objects whose events a read model could not apply, why, and another try. */
export function ParkedList({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data } = useListParkedQuery({ name });
  const [retry, { error, isLoading }] = useRetryParkedMutation();
  return (
    <div className="flex flex-col gap-2 rounded-button bg-warn-soft px-3.5 py-2.5">
      <p>{t("projection.parkedHint")}</p>
      {error !== undefined && <Failed problem={problemOf(error)} />}
      <ul className="flex flex-col gap-1">
        {data?.items.map(({ aggregate_id, position, error: reason }) => (
          <li key={aggregate_id} className="flex flex-wrap items-center justify-between gap-2 text-small">
            <span className="min-w-0 break-all">
              {t("projection.parkedAt", { position })}{" "}
              <bdi dir="ltr">
                {aggregate_id}: {reason}
              </bdi>
            </span>
            <Button
              isPending={isLoading}
              onPress={() => void retry({ name, aggregateId: aggregate_id })}
              aria-label={t("projection.retryOf", { id: aggregate_id })}
            >
              {t("app.retry")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

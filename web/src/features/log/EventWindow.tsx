import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import type { Event } from "./logApi";

/** One event as it is stored: personal text stays sealed. */
export function EventWindow({ event, onClose }: { event: Event | undefined; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Dialog
      title={event === undefined ? "" : `${event.position} · ${event.event_type}`}
      isOpen={event !== undefined}
      isWide
      onClose={onClose}
    >
      {event !== undefined && (
        <dl className="grid max-h-[60dvh] grid-cols-[auto_1fr] gap-x-4 gap-y-2 overflow-y-auto text-sm">
          <dt className="text-text-2">{t("log.recordedAt")}</dt>
          <dd>{new Date(event.recorded_at).toLocaleString(i18n.language)}</dd>
          <dt className="text-text-2">{t("log.object")}</dt>
          <dd className="break-all">
            {event.aggregate_type} {event.aggregate_id} · {event.sequence}
          </dd>
          <dt className="text-text-2">{t("log.hash")}</dt>
          <dd className="font-mono text-xs break-all">{event.hash}</dd>
          <dt className="text-text-2">{t("log.payload")}</dt>
          <dd>
            <pre className="text-xs break-all whitespace-pre-wrap">{JSON.stringify(event.payload, null, 2)}</pre>
          </dd>
          <dt className="text-text-2">{t("log.metadata")}</dt>
          <dd>
            <pre className="text-xs break-all whitespace-pre-wrap">{JSON.stringify(event.metadata, null, 2)}</pre>
          </dd>
        </dl>
      )}
      <Button className="self-end" onPress={onClose}>
        {t("app.close")}
      </Button>
    </Dialog>
  );
}

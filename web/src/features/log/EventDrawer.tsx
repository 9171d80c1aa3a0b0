import { ArrowUpRight, ListFilter, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { IconButton } from "../../ui/IconButton";
import { Sheet } from "../../ui/Sheet";
import { actorOf } from "./actor";
import { ActorName } from "./ActorName";
import type { Event } from "./eventPages";
import { objectLink } from "./objectLink";

interface Props {
  event: Event | undefined;
  onClose: () => void;
  /** Shows the other events of its object. */
  onFilter: (object: string) => void;
}

/** One event as it is stored: personal text stays encrypted. */
export function EventDrawer({ event, onClose, onFilter }: Props) {
  const { t } = useTranslation();
  return (
    <Sheet label={event?.event_type ?? ""} side="end" isWide isOpen={event !== undefined} onClose={onClose}>
      {event !== undefined && (
        <div className="flex flex-col gap-5 p-5">
          <div className="flex items-start justify-between gap-3">
            <h2 className="min-w-0 text-section break-words">
              <bdi dir="ltr">{event.event_type}</bdi>
            </h2>
            <IconButton label={t("app.close")} icon={X} className="-me-1.5 -mt-1" onPress={onClose} />
          </div>
          <Facts event={event} />
          <div className="flex flex-wrap gap-2">
            <Button onPress={() => onFilter(event.aggregate_id)}>
              <ListFilter aria-hidden="true" />
              {t("log.sameObject")}
            </Button>
            <ObjectLink event={event} />
          </div>
          <Json title={t("log.payload")} value={event.payload as unknown} />
          <Json title={t("log.metadata")} value={event.metadata as unknown} />
        </div>
      )}
    </Sheet>
  );
}

function Facts({ event }: { event: Event }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    [t("log.position"), String(event.position)],
    [t("log.recordedAt"), format.dateTime(event.recorded_at)],
    [t("log.actor"), <ActorName key="actor" actor={actorOf(event)} />],
    [t("log.object"), <bdi key="object" dir="ltr">{`${event.aggregate_type} ${event.aggregate_id}`}</bdi>],
    [t("log.sequence"), String(event.sequence)],
    [
      t("log.hash"),
      <bdi key="hash" dir="ltr">
        {event.hash}
      </bdi>,
    ],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-text-2">{name}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ObjectLink({ event }: { event: Event }) {
  const { t } = useTranslation();
  const to = objectLink(event);
  return (
    to !== undefined && (
      <ButtonLink to={to} look="plain">
        {t("log.openObject")}
        <ArrowUpRight aria-hidden="true" />
      </ButtonLink>
    )
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="text-label">{title}</h3>
      <pre className="overflow-x-auto rounded-frame border border-line bg-sunken p-3 font-mono text-small whitespace-pre-wrap break-all">
        {JSON.stringify(value, null, 2)}
      </pre>
    </section>
  );
}

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "../../hooks/useFormat";
import { Cell, Row, Table } from "../../ui/Table";
import { actorOf } from "./actor";
import { ActorName } from "./ActorName";
import type { Event } from "./eventPages";
import { objectLink } from "./objectLink";

interface Props {
  events: Event[];
  onOpen: (event: Event) => void;
}

/** Events, the newest first. */
export function EventTable({ events, onOpen }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = [
    t("log.event"),
    t("log.recordedAt"),
    t("log.actor"),
    t("log.object"),
    { title: t("log.position"), align: "end" as const },
  ];
  return (
    <Table label={t("log.events")} columns={columns}>
      {events.map((event) => (
        <Row key={event.position}>
          <Cell>
            <button
              type="button"
              className="cursor-pointer rounded-icon font-[560] whitespace-nowrap hover:underline"
              onClick={() => onOpen(event)}
            >
              <bdi dir="ltr">{event.event_type}</bdi>
            </button>
          </Cell>
          <Cell>
            <time dateTime={event.recorded_at} className="whitespace-nowrap text-text-2">
              {format.dateTime(event.recorded_at)}
            </time>
          </Cell>
          <Cell>
            <span className="whitespace-nowrap">
              <ActorName actor={actorOf(event)} />
            </span>
          </Cell>
          <Cell>
            <ObjectName event={event} />
          </Cell>
          <Cell align="end">{event.position}</Cell>
        </Row>
      ))}
    </Table>
  );
}

/** The kind of an object and the end of its id, which tells objects apart. */
function ObjectName({ event }: { event: Event }) {
  const to = objectLink(event);
  const name = (
    <bdi dir="ltr">
      {event.aggregate_type} <span className="text-small text-text-3">…{event.aggregate_id.slice(-6)}</span>
    </bdi>
  );
  return to === undefined ? (
    <span className="whitespace-nowrap">{name}</span>
  ) : (
    <Link to={to} className="whitespace-nowrap text-accent-text hover:underline">
      {name}
    </Link>
  );
}

/** The log from its end: the server lists events in order, so older ones are read window by window, downwards. */
import type { Event, EventList } from "../../api/generated";

/** Which part of the log is shown; empty means all. */
export interface Filter {
  type: string;
  object: string;
}

export type { Event };

export interface EventPage {
  /** The newest first. */
  items: Event[];
  /** The last position of the log when the page was read. */
  head: number;
  /** Older events stand at or before this position; 0 where there are none. */
  older: number;
}

/** The server lists at most so many events at once. */
export const LIMIT = 200;
/** A page is full with so many. */
const FULL = 100;
/** So many windows are read for a page, so that rare events are looked for in steps. */
const WINDOWS = 12;
/** While the log is followed, so many of the newest events are kept. */
const KEPT = 500;

/** Reads the events after a position: the first of them, in order, and whether there are more. */
type Read = (after: number) => Promise<EventList>;

/** Events at or before a position, the newest first. Windows without matches get wider, overfull ones narrower. */
export async function readOlder(read: Read, head: number, until: number): Promise<EventPage> {
  const items: Event[] = [];
  let top = until;
  let span = LIMIT;
  for (let window = 0; window < WINDOWS && top > 0 && items.length < FULL; window++) {
    const from = Math.max(0, top - span);
    const { items: found } = await read(from);
    const fits = found.filter(({ position }) => position <= top);
    const isCut = found.length === LIMIT && fits.length === LIMIT && (fits.at(-1)?.position ?? 0) < top;
    if (isCut && span > LIMIT) {
      span = Math.max(LIMIT, Math.floor(span / 4));
      continue;
    }
    items.push(...fits.toReversed());
    top = from;
    span = fits.length < LIMIT / 4 ? span * 4 : span;
  }
  return { items, head, older: top };
}

function fits(event: Event, { type, object }: Filter): boolean {
  return (type === "" || event.event_type === type) && (object === "" || event.aggregate_id === object);
}

/** Puts events that have just happened at the beginning of what is shown. */
export function prepend(pages: EventPage[], filter: Filter, events: Event[]): void {
  const first = pages[0];
  if (first === undefined) {
    return;
  }
  const known = first.items[0]?.position ?? first.head;
  const fresh = events.filter((event) => event.position > known && fits(event, filter));
  first.items.unshift(...fresh.toReversed());
  if (pages.length === 1 && first.items.length > KEPT) {
    first.items.length = KEPT;
    first.older = (first.items.at(-1)?.position ?? 1) - 1;
  }
}

/** The event log, followed live, for administrators. */
import { type Event, generatedApi, type EventList } from "../../api/generated";
import { live } from "../../api/live";

const PAGE = 200;
/** Events that came within so many milliseconds are shown together. */
const GATHER = 200;
/** While the log is followed, so many of the last events are kept. */
const KEPT = 2_000;

/** Which part of the log is shown. */
export interface Part {
  /** Events after this position. */
  after: number;
  type: string;
  object: string;
}

interface Pages {
  pages: EventList[];
}

function fits(event: Event, { type, object }: Part): boolean {
  return (type === "" || event.event_type === type) && (object === "" || event.aggregate_id === object);
}

/** Puts events that have just happened at the end of what is read; nothing, where the end is not read yet. */
export function append(log: Pages, part: Part, events: Event[]): void {
  const last = log.pages.at(-1);
  if (last === undefined || last.next_cursor != null) {
    return;
  }
  const known = log.pages.flatMap((page) => page.items).at(-1)?.position ?? part.after;
  last.items.push(...events.filter((event) => event.position > known && fits(event, part)));
  const excess = log.pages.reduce((sum, page) => sum + page.items.length, 0) - KEPT;
  log.pages[0]?.items.splice(0, Math.max(0, excess));
}

const logApi = generatedApi.injectEndpoints({
  endpoints: (build) => ({
    /** The last position of the log. */
    logHead: build.query<number, undefined>({
      query: () => ({ url: "/api/v1/events", params: { limit: 1 } }),
      transformResponse: (_list, meta) => Number(meta?.response?.headers.get("convosphere-position") ?? 0),
      keepUnusedDataFor: 0,
    }),
    events: build.infiniteQuery<EventList, Part, string | null>({
      infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
      query: ({ queryArg: { after, type, object }, pageParam }) => ({
        url: "/api/v1/events",
        params: {
          limit: PAGE,
          after,
          event_type: type || undefined,
          aggregate_id: object || undefined,
          cursor: pageParam ?? undefined,
        },
      }),
      keepUnusedDataFor: 0,
      async onCacheEntryAdded(part, { cacheDataLoaded, cacheEntryRemoved, dispatch }) {
        const loaded = await cacheDataLoaded.catch(() => undefined);
        if (loaded === undefined) {
          return;
        }
        let waiting: Event[] = [];
        const show = () => {
          const events = waiting;
          waiting = [];
          dispatch(logApi.util.updateQueryData("events", part, (log) => append(log, part, events)));
        };
        const position = loaded.data.pages.at(-1)?.items.at(-1)?.position ?? part.after;
        const stop = live.subscribe({ channel: "events" }, position, ({ type, data }) => {
          if (type === "event") {
            if (waiting.length === 0) {
              setTimeout(show, GATHER);
            }
            waiting.push(data as unknown as Event);
          }
        });
        await cacheEntryRemoved;
        stop();
      },
    }),
  }),
});

export const { useLogHeadQuery, useEventsInfiniteQuery, useVerifyEventsMutation } = logApi;

export type { Event };

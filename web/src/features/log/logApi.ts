/** The event log from its end, followed live, for administrators. */
import type { FetchBaseQueryError } from "@reduxjs/toolkit/query/react";
import { type EventList, generatedApi } from "../../api/generated";
import { live } from "../../api/live";
import { type Event, type EventPage, type Filter, LIMIT, prepend, readOlder } from "./eventPages";

/** Events that came within so many milliseconds are shown together. */
const GATHER = 200;

const logApi = generatedApi.injectEndpoints({
  endpoints: (build) => ({
    events: build.infiniteQuery<EventPage, Filter, number | null>({
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: ({ older }) => (older > 0 ? older : undefined),
      },
      queryFn: async ({ queryArg: { type, object }, pageParam }, _api, _options, ask) => {
        let head = 0;
        const read = async (after: number, limit = LIMIT): Promise<EventList> => {
          const params = { after, limit, event_type: type || undefined, aggregate_id: object || undefined };
          const { data, error, meta } = await ask({ url: "/api/v1/events", params });
          if (error !== undefined) {
            throw new Error("not read", { cause: error });
          }
          head = Number(meta?.response?.headers.get("convosphere-position") ?? 0);
          return data as EventList;
        };
        try {
          if (pageParam === null) {
            await read(0, 1);
          }
          return { data: await readOlder(read, head, pageParam ?? head) };
        } catch (error) {
          return { error: (error as Error).cause as FetchBaseQueryError };
        }
      },
      keepUnusedDataFor: 0,
      async onCacheEntryAdded(filter, { cacheDataLoaded, cacheEntryRemoved, dispatch }) {
        const loaded = await cacheDataLoaded.catch(() => undefined);
        if (loaded === undefined) {
          return;
        }
        let waiting: Event[] = [];
        const show = () => {
          const events = waiting;
          waiting = [];
          dispatch(logApi.util.updateQueryData("events", filter, ({ pages }) => prepend(pages, filter, events)));
        };
        const head = loaded.data.pages[0]?.head ?? 0;
        const stop = live.subscribe({ channel: "events" }, head, ({ type, data }) => {
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

export const { useEventsInfiniteQuery, useVerifyEventsMutation, useGetUserQuery } = logApi;

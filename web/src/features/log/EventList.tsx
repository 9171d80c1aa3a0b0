import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { EventWindow } from "./EventWindow";
import { type Event, type Part, useEventsInfiniteQuery } from "./logApi";

const ROW = 36;
const NEAR = 80;

/** Events in order, the newest in sight as long as the reader stays at the end. */
export function EventList({ part, label }: { part: Part; label: string }) {
  const { t, i18n } = useTranslation();
  const found = useEventsInfiniteQuery(part);
  const [opened, setOpened] = useState<Event>();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- it tells by itself when to show anew
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => items[index]?.position ?? index,
    overscan: 10,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR,
  });
  if (found.isLoading) {
    return <Skeleton />;
  }
  if (found.isError) {
    return <Failed problem={problemOf(found.error)} onRetry={found.refetch} />;
  }
  return (
    <>
      <p role="status" className="text-sm text-text-2">
        {t(found.hasNextPage ? "log.shown" : "log.following", { count: items.length })}
      </p>
      <div
        ref={box}
        // What scrolls must be reached by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={label}
        className="h-[28rem] overflow-y-auto rounded-lg border border-line"
      >
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const event = items[index];
            return (
              event !== undefined && (
                <li
                  key={event.position}
                  className="absolute inset-x-0 h-9 border-b border-line"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <button
                    type="button"
                    className="flex size-full items-center gap-3 px-3 text-left text-sm hover:bg-hover"
                    onClick={() => setOpened(event)}
                  >
                    <span className="w-16 shrink-0 text-right tabular-nums text-text-2">{event.position}</span>
                    <span className="min-w-0 flex-1 truncate font-medium">{event.event_type}</span>
                    <span className="hidden w-24 truncate text-text-2 sm:inline">{event.aggregate_type}</span>
                    <time dateTime={event.recorded_at} className="hidden w-28 text-right text-text-2 sm:inline">
                      {new Date(event.recorded_at).toLocaleTimeString(i18n.language)}
                    </time>
                  </button>
                </li>
              )
            );
          })}
        </ul>
      </div>
      {found.hasNextPage && (
        <Button isDisabled={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
      <EventWindow event={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

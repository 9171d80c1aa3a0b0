import { ScrollText } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Status } from "../../ui/Status";
import { EventDrawer } from "./EventDrawer";
import type { Event, Filter } from "./eventPages";
import { EventTable } from "./EventTable";
import { useEventsInfiniteQuery } from "./logApi";

interface Props {
  filter: Filter;
  onFilterObject: (object: string) => void;
}

/** What the log holds, the newest first and live; older events by request. */
export function EventList({ filter, onFilterObject }: Props) {
  const { t } = useTranslation();
  const found = useEventsInfiniteQuery(filter);
  const [opened, setOpened] = useState<Event>();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.data === undefined) {
    return found.isError && !isTransient(found.error) ? (
      <Failed problem={problemOf(found.error)} onRetry={found.refetch} />
    ) : (
      <Skeleton lines={8} />
    );
  }
  return (
    <>
      <p role="status" className="-my-2 text-small text-text-2">
        <Status look="good">
          {t(found.hasNextPage && items.length > 0 ? "log.newest" : "log.live", { count: items.length })}
        </Status>
      </p>
      {items.length > 0 && <EventTable events={items} onOpen={setOpened} />}
      {items.length === 0 && !found.hasNextPage && <EmptyState icon={ScrollText} title={t("log.none")} />}
      {found.hasNextPage && (
        <Button className="self-center" isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {t("log.older")}
        </Button>
      )}
      <EventDrawer
        event={opened}
        onClose={() => setOpened(undefined)}
        onFilter={(object) => {
          setOpened(undefined);
          onFilterObject(object);
        }}
      />
    </>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Skeleton } from "../../ui/Skeleton";
import { EventList } from "./EventList";
import { useLogHeadQuery } from "./logApi";

/** So many of the last positions are shown at first. */
const RECENT = 500;

/** The log from a position on, narrowed by name and object, followed as it grows. */
export function LogExplorer() {
  const { t } = useTranslation();
  const { data: head, isError, error, refetch } = useLogHeadQuery(undefined);
  if (head === undefined) {
    return isError ? <Failed problem={problemOf(error)} onRetry={refetch} /> : <Skeleton />;
  }
  return <Explorer from={Math.max(0, head - RECENT)} label={t("log.events")} />;
}

function Explorer({ from, label }: { from: number; label: string }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ after: String(from), type: "", object: "" });
  const [part, setPart] = useState({ after: from, type: "", object: "" });
  const set = (name: keyof typeof given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));
  return (
    <>
      <form
        aria-label={t("log.filter")}
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setPart({
            after: Number(given.after) || 0,
            type: given.type.trim(),
            object: given.object.trim().toLowerCase(),
          });
        }}
      >
        <TextField label={t("log.after")} inputMode="numeric" value={given.after} onChange={set("after")} />
        <TextField label={t("log.type")} placeholder="message_posted" value={given.type} onChange={set("type")} />
        <TextField label={t("log.object")} value={given.object} onChange={set("object")} />
        <Button type="submit">{t("log.show")}</Button>
      </form>
      <EventList key={JSON.stringify(part)} part={part} label={label} />
    </>
  );
}

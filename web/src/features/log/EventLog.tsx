import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { useDebounced } from "../../hooks/useDebounced";
import { EventList } from "./EventList";
import { EVENT_TYPES } from "./eventTypes";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const NONE = { type: "", object: "" };

/** The log, narrowed by the type of the events and the object they belong to. */
export function EventLog() {
  const { t } = useTranslation();
  const [given, setGiven] = useState(NONE);
  const object = useDebounced(given.object.trim().toLowerCase(), 300);
  const types = Object.fromEntries([["", t("log.allTypes")], ...EVENT_TYPES.map((type) => [type, type])]) as Record<
    string,
    string
  >;
  const isId = object === "" || ID.test(object);
  const filter = { type: given.type, object: isId ? object : "" };
  return (
    <>
      <div role="search" aria-label={t("log.filter")} className="flex flex-wrap items-center gap-3">
        <Select
          label={t("log.type")}
          isLabelHidden
          value={given.type}
          options={types}
          onChange={(type) => setGiven((before) => ({ ...before, type }))}
        />
        <SearchInput
          label={t("log.objectId")}
          value={given.object}
          onChange={(id) => setGiven((before) => ({ ...before, object: id }))}
        />
        {(given.type !== "" || given.object !== "") && (
          <Button look="quiet" onPress={() => setGiven(NONE)}>
            {t("log.clearFilter")}
          </Button>
        )}
        {!isId && <span className="text-small text-bad">{t("log.noId")}</span>}
      </div>
      <EventList
        key={JSON.stringify(filter)}
        filter={filter}
        onFilterObject={(id) => setGiven({ type: "", object: id })}
      />
    </>
  );
}

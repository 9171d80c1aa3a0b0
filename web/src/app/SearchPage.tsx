import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { SearchResults } from "../features/search/SearchResults";
import { KINDS } from "../features/search/searchApi";
import { useDebounced } from "../hooks/useDebounced";
import { EmptyState } from "../ui/EmptyState";
import { Page } from "../ui/Page";
import { SearchInput } from "../ui/SearchInput";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";

/** How far back is looked, in days. */
const TIMES = { day: 1, week: 7, month: 31, year: 366 } as const;

type Time = keyof typeof TIMES;

/** The beginning of a day some days ago: the same for as long as it is that day. */
function since(time: Time): string {
  const then = new Date(Date.now() - TIMES[time] * 86_400_000);
  return `${then.toISOString().slice(0, 10)}T00:00:00Z`;
}

/** Everything that one may read, by its words. The address holds what is looked for, so that one may come back to it. */
export function Component() {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [typed, setTyped] = useState(address.get("q") ?? "");
  const q = useDebounced(typed.trim(), 200);
  const kind = KINDS.find((one) => one === address.get("kind"));
  const time = (Object.keys(TIMES) as Time[]).find((one) => one === address.get("time"));
  const mode = address.get("mode") === "hybrid" ? ("hybrid" as const) : undefined;

  function set(name: string, value: string | undefined) {
    setAddress(
      (before) => {
        if (value === undefined || value === "") {
          before.delete(name);
        } else {
          before.set(name, value);
        }
        return before;
      },
      { replace: true },
    );
  }

  useEffect(() => {
    setAddress(
      (before) => {
        before.set("q", q);
        return before;
      },
      { replace: true },
    );
  }, [q, setAddress]);

  const times = (Object.keys(TIMES) as Time[]).map((one): [string, string] => [one, t(`search.times.${one}`)]);
  return (
    <Page title={t("search.search")}>
      <div role="search" className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <SearchInput isWide focuses label={t("search.words")} value={typed} onChange={setTyped} />
        <Select
          label={t("search.time")}
          isLabelHidden
          value={time ?? ""}
          options={{ "": t("search.anyTime"), ...Object.fromEntries(times) }}
          onChange={(chosen) => set("time", chosen)}
        />
        <Switch
          label={t("search.byMeaning")}
          isSelected={mode === "hybrid"}
          onChange={(isChosen) => set("mode", isChosen ? "hybrid" : undefined)}
        />
      </div>
      {q === "" ? (
        <EmptyState icon={Search} title={t("search.hint")} />
      ) : (
        <SearchResults
          wanted={{ q, kind, mode, since: time && since(time) }}
          onNarrow={(chosen) => set("kind", chosen)}
        />
      )}
    </Page>
  );
}

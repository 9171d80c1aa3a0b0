import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { SearchResults } from "../features/search/SearchResults";
import type { SearchKind } from "../features/search/searchApi";
import { useDebounced } from "../hooks/useDebounced";
import { Choice } from "../ui/Choice";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { Room } from "../ui/Room";

const KINDS: SearchKind[] = ["message", "conversation", "assistant", "document", "passage"];

/** Everything that one may read, by its words. The address holds what is looked for, so that one may come back to it. */
export function Component() {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [typed, setTyped] = useState(address.get("q") ?? "");
  const q = useDebounced(typed.trim(), 200);
  const kind = KINDS.find((one) => one === address.get("kind"));
  useEffect(() => {
    setAddress(
      (before) => {
        before.set("q", q);
        return before;
      },
      { replace: true },
    );
  }, [q, setAddress]);

  const options = {
    "": t("search.everything"),
    ...Object.fromEntries(KINDS.map((one) => [one, t(`search.kinds.${one}`)])),
  };
  return (
    <Room title={t("search.search")}>
      <Form label={t("search.search")} errors={{}} onSubmit={() => undefined}>
        <Field name="q" label={t("search.words")} value={typed} onChange={setTyped} />
        <Choice
          label={t("search.kind")}
          value={kind ?? ""}
          options={options}
          onChange={(chosen) => setAddress(chosen === "" ? { q } : { q, kind: chosen }, { replace: true })}
        />
      </Form>
      {q !== "" && <SearchResults wanted={{ q, kind }} />}
    </Room>
  );
}

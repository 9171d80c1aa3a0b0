import { useState } from "react";
import { Autocomplete, Input, Menu, MenuItem, MenuSection, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { addressOf, useSearchQuery } from "../features/search/searchApi";
import { SearchHitLine } from "../features/search/SearchHitLine";
import { useDebounced } from "../hooks/useDebounced";
import { Dialog } from "../ui/Dialog";
import { rooms } from "./rooms";
import { useMe } from "./useMe";

const item = "cursor-pointer rounded px-3 py-2 text-sm outline-none data-focused:bg-hover";

/** Goes anywhere by a few letters: to a room, or to whatever was said. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { role } = useMe();
  const [typed, setTyped] = useState("");
  const text = useDebounced(typed.trim(), 150);
  const { currentData: found, isFetching } = useSearchQuery({ q: text, limit: 20 }, { skip: text === "" });
  const goals = [
    { to: "/", title: t("conversation.new") },
    ...rooms(role).map(({ to, name }) => ({ to, title: t(name) })),
  ].filter(({ title }) => title.toLowerCase().includes(typed.trim().toLowerCase()));
  const hits = text === "" ? [] : (found?.items ?? []);

  function go(to: string | number) {
    onClose();
    void navigate(String(to));
  }

  return (
    <Dialog title={t("app.palette")} isOpen isWide onClose={onClose}>
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        {/* One has asked for it just now. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <SearchField autoFocus aria-label={t("app.palette")}>
          <Input
            placeholder={t("app.paletteHint")}
            className="w-full rounded-lg border border-line bg-bg px-3 py-2 text-sm"
          />
        </SearchField>
        <Menu
          aria-label={t("app.paletteFound")}
          className="max-h-[50dvh] overflow-y-auto outline-none"
          onAction={go}
          renderEmptyState={() => (
            <p className="p-3 text-sm text-text-2">{t(isFetching ? "app.loading" : "app.paletteNone")}</p>
          )}
        >
          <MenuSection aria-label={t("app.rooms")}>
            {goals.map(({ to, title }) => (
              <MenuItem key={to} id={to} textValue={title} className={item}>
                {title}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label={t("search.results")}>
            {hits.map((hit) => (
              <MenuItem key={hit.id} id={addressOf(hit)} textValue={hit.title ?? hit.id} className={item}>
                <SearchHitLine hit={hit} />
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Autocomplete>
    </Dialog>
  );
}

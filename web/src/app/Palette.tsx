import { Bot, FileText, MessageSquare, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Autocomplete, Header, Input, Menu, MenuItem, MenuSection, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useConversationsInfiniteQuery } from "../features/conversation/conversationApi";
import { groupHits } from "../features/search/hitGroups";
import { addressOf, useSearchQuery } from "../features/search/searchApi";
import { SearchSnippet } from "../features/search/SearchSnippet";
import { useDebounced } from "../hooks/useDebounced";
import { isComposing } from "../lib/composing";
import { Dialog } from "../ui/Dialog";
import { type PaletteAction, usePaletteActions } from "./paletteActions";

/** So many chats are proposed before anything is typed. */
const RECENT = 6;

const ICONS = { chat: MessageSquare, document: FileText, assistant: Bot };
const KINDS = ["chat", "document", "assistant"] as const;
const SECTIONS = {
  chat: "search.kinds.conversation",
  document: "search.kinds.document",
  assistant: "search.kinds.assistant",
} as const;

interface Goal extends PaletteAction {
  detail?: ReactNode;
}

/** The page that finds everything, with its filters. */
function everything(text: string, name: string): Goal {
  const to = `/search?q=${encodeURIComponent(text)}`;
  return { id: to, to, name, icon: Search };
}

/** Goes anywhere by a few letters: to a page, a recent chat, or whatever was said or written. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const words = typed.trim().toLowerCase();
  const text = useDebounced(typed.trim(), 150);
  const { pages, actions } = usePaletteActions();
  const recent = useConversationsInfiniteQuery({ place: "open", text: "" });
  const { currentData: found, isFetching } = useSearchQuery({ q: text, limit: 20 }, { skip: text === "" });
  const fits = ({ name }: Goal) => name.toLowerCase().includes(words);
  const groups = words === "" || text === "" ? [] : groupHits(found?.items ?? []);
  const chats = recent.data?.pages[0]?.items.slice(0, RECENT) ?? [];
  const sections: { name: string; goals: Goal[] }[] = [
    {
      name: t("app.recentChats"),
      goals:
        words === ""
          ? chats.map(({ id, title }) => ({
              id: `/c/${id}`,
              to: `/c/${id}`,
              name: title ?? t("conversation.untitled"),
              icon: MessageSquare,
            }))
          : [],
    },
    { name: t("app.actions"), goals: actions.filter(fits) },
    { name: t("app.pages"), goals: pages.filter(fits) },
    ...KINDS.map((kind) => ({
      name: t(SECTIONS[kind]),
      goals: groups
        .filter((group) => group.kind === kind)
        .map((group): Goal => {
          const [first] = group.hits;
          const to = first === undefined ? group.address : addressOf(first);
          const name = group.title ?? t("conversation.untitled");
          return { id: `found:${to}`, to, name, icon: ICONS[kind], detail: first && <SearchSnippet hit={first} /> };
        }),
    })),
    { name: t("search.search"), goals: groups.length === 0 ? [] : [everything(typed.trim(), t("app.allResults"))] },
  ].filter(({ goals }) => goals.length > 0);

  function act(id: string | number) {
    const goal = sections.flatMap(({ goals }) => goals).find((one) => one.id === id);
    onClose();
    if (goal?.to !== undefined) {
      void navigate(goal.to);
    }
    goal?.run?.();
  }

  return (
    <Dialog title={t("app.palette")} isOpen isWide isAtTop onClose={onClose}>
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        {/* One has asked for it just now. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <SearchField autoFocus aria-label={t("app.palette")} className="relative flex flex-col">
          <Search aria-hidden="true" className="absolute start-3 top-2.5 size-4 text-text-3" />
          <Input
            // One press closes, whatever was typed.
            onKeyDownCapture={(event) => {
              if (event.key === "Escape" && !isComposing(event.nativeEvent)) {
                event.stopPropagation();
                onClose();
              }
            }}
            dir="auto"
            placeholder={t("app.paletteHint")}
            className="control ps-9 [&::-webkit-search-cancel-button]:hidden"
          />
        </SearchField>
        <div
          // What scrolls must be reached by keyboard.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="group"
          aria-label={t("app.paletteFound")}
          className="-mx-2 max-h-[50dvh] overflow-y-auto px-2"
        >
          <Menu
            aria-label={t("app.paletteFound")}
            className="flex flex-col gap-3 outline-none"
            onAction={act}
            renderEmptyState={() => (
              <p className="p-3 text-text-2">
                {t(isFetching || words !== text.toLowerCase() ? "app.loading" : "app.paletteNone")}
              </p>
            )}
          >
            {sections.map(({ name, goals }) => (
              <MenuSection key={name} aria-label={name}>
                <Header className="px-2.5 pb-1 text-small font-[560] text-text-3">{name}</Header>
                {goals.map(({ id, name: title, icon: Icon, detail }) => (
                  <MenuItem
                    key={id}
                    id={id}
                    textValue={title}
                    className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-icon px-2.5 py-1.5 outline-none focused:bg-hover pointer-coarse:min-h-11"
                  >
                    <Icon aria-hidden="true" className="size-4 shrink-0 text-text-3" />
                    <span className="flex min-w-0 flex-col">
                      <span dir="auto" className="truncate">
                        {title}
                      </span>
                      {detail !== undefined && (
                        <span dir="auto" className="line-clamp-1 text-small text-text-3">
                          {detail}
                        </span>
                      )}
                    </span>
                  </MenuItem>
                ))}
              </MenuSection>
            ))}
          </Menu>
        </div>
      </Autocomplete>
    </Dialog>
  );
}

import { BookOpen, Bot, PanelLeft, Search, SquarePen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, useParams } from "react-router";
import { ConversationList } from "../features/conversation/ConversationList";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { IconButton } from "../ui/IconButton";
import { Kbd } from "../ui/Kbd";
import { AccountMenu } from "./AccountMenu";

interface Props {
  /** Only its icons are shown. */
  isRail: boolean;
  onToggle: () => void;
  onSearch: () => void;
  /** Shows the keyboard shortcuts. */
  onKeys: () => void;
}

const row =
  "flex h-[34px] w-full cursor-pointer items-center gap-2.5 rounded-[9px] px-2.5 text-ui text-text-2 hover:bg-hover hover:text-text aria-[current=page]:bg-active aria-[current=page]:text-text pointer-coarse:h-11 [&>svg]:size-[17px] [&>svg]:shrink-0";

/** Whatever the rail shows needs a name for those who point at it. */
function Named({ isRail, name, children }: { isRail: boolean; name: string; children: ReactNode }) {
  return (
    <>
      {children}
      <span className={isRail ? "sr-only" : "min-w-0 flex-1 truncate text-start"}>{name}</span>
    </>
  );
}

/** The way everywhere: a new chat, the search, the pages beside the chats, all chats, and the account. */
export function Sidebar({ isRail, onToggle, onSearch, onKeys }: Props) {
  const { t } = useTranslation();
  const { id } = useParams();
  const pages = [
    { to: "/assistants", name: t("assistant.assistants"), Icon: Bot },
    { to: "/knowledge", name: t("knowledge.knowledge"), Icon: BookOpen },
  ];
  return (
    <div className={`flex min-h-0 flex-1 flex-col gap-1 ${isRail ? "px-2 py-3" : "p-3"}`}>
      <div className={`flex h-9 items-center ${isRail ? "justify-center" : "justify-between"}`}>
        {!isRail && (
          <Link to="/" className="flex items-center gap-2.5 rounded-icon px-1.5 text-[0.9375rem] font-[640]">
            <img src="/icon.svg" alt="" className="size-6" />
            {t("app.name")}
          </Link>
        )}
        <IconButton
          label={t(isRail ? "app.openSidebar" : "app.closeSidebar")}
          keys="Mod B"
          icon={PanelLeft}
          onPress={onToggle}
        />
      </div>
      <nav aria-label={t("app.rooms")} className="flex flex-col gap-px pt-1">
        <Link to="/" className={`${row} font-[560] text-text`} title={isRail ? t("conversation.new") : undefined}>
          <Named isRail={isRail} name={t("conversation.new")}>
            <SquarePen aria-hidden="true" />
          </Named>
        </Link>
        <button type="button" className={row} onClick={onSearch} title={isRail ? t("search.search") : undefined}>
          <Named isRail={isRail} name={t("search.search")}>
            <Search aria-hidden="true" />
          </Named>
          {!isRail && (
            <span className="max-md:hidden">
              <Kbd keys="Mod K" />
            </span>
          )}
        </button>
        {pages.map(({ to, name, Icon }) => (
          <NavLink key={to} to={to} className={row} title={isRail ? name : undefined}>
            <Named isRail={isRail} name={name}>
              <Icon aria-hidden="true" />
            </Named>
          </NavLink>
        ))}
      </nav>
      {isRail ? (
        <div className="flex-1" />
      ) : (
        <ErrorBoundary>
          <ConversationList currentId={id} />
        </ErrorBoundary>
      )}
      <AccountMenu isRail={isRail} onKeys={onKeys} />
    </div>
  );
}

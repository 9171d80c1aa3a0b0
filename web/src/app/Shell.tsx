import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigation, useParams } from "react-router";
import { live } from "../api/live";
import { ConversationList } from "../features/conversation/ConversationList";
import { isAtLeast } from "../features/user/roles";
import { useKeys } from "../hooks/useKeys";
import { useOnline } from "../hooks/useOnline";
import { useRested } from "../hooks/useRested";
import { part } from "../lib/part";
import { Button } from "../ui/Button";
import { Skeleton } from "../ui/Skeleton";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Dialog } from "../ui/Dialog";
import { PersonMenu } from "./PersonMenu";
import { Rooms } from "./Rooms";
import { useFeed } from "./useFeed";
import { useMe } from "./useMe";
import { useNotices } from "./useNotices";
import { useRecovery } from "./useRecovery";

const Palette = lazy(part("Palette", () => import("./Palette")));
const Keys = lazy(part("Keys", () => import("./Keys")));

/** A room whose code does not come at once. */
function Coming() {
  return useRested(300) && <Skeleton />;
}

/** The frame of all rooms: the conversations at the side, the room beside them. On a phone the side is opened. */
export function Shell() {
  const { t } = useTranslation();
  const { id } = useParams();
  const { key } = useLocation();
  const isOnline = useOnline();
  const isGoing = useNavigation().state === "loading";
  const { role } = useMe();
  const isRoundabout = useSyncExternalStore(live.onChange, live.transport) === "events";
  const [openAt, setOpenAt] = useState<string>();
  const [window, setWindow] = useState<"palette" | "keys">();
  const close = () => setWindow(undefined);
  // Going somewhere closes the side.
  const isOpen = openAt === key;
  useFeed();
  useNotices();
  useRecovery();
  useKeys({
    "mod+k": () => setWindow("palette"),
    "?": () => setWindow("keys"),
    "/": () => {
      setOpenAt(key);
      // Once it is shown.
      requestAnimationFrame(() => document.getElementById("search")?.focus());
    },
  });
  return (
    <div className="flex h-dvh">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-bg focus:p-3">
        {t("app.skip")}
      </a>
      {isOpen && (
        <button
          type="button"
          aria-label={t("app.closeMenu")}
          className="fixed inset-0 z-10 bg-black/40 md:hidden"
          onClick={() => setOpenAt(undefined)}
        />
      )}
      <div
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            setOpenAt(undefined);
          }
        }}
        role="presentation"
        className={`w-72 shrink-0 flex-col gap-3 border-r border-line bg-side p-3 max-md:fixed max-md:inset-y-0 max-md:z-20 ${isOpen ? "flex" : "hidden md:flex"}`}
      >
        <div className="flex gap-2">
          <Link to="/" className="flex-1 rounded-lg border border-line px-3 py-2 text-sm font-medium hover:bg-hover">
            {t("conversation.new")}
          </Link>
          <Button aria-label={t("app.palette")} onPress={() => setWindow("palette")}>
            ⌕
          </Button>
        </div>
        <ErrorBoundary>
          <ConversationList currentId={id} />
        </ErrorBoundary>
        <Rooms />
        <PersonMenu />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex items-center gap-2 border-b border-line p-2 md:hidden">
          <Button look="quiet" aria-label={t("app.menu")} onPress={() => setOpenAt(isOpen ? undefined : key)}>
            ☰
          </Button>
          <span className="font-semibold">{t("app.name")}</span>
        </header>
        {!isOnline && (
          <p role="status" className="bg-sunken px-4 py-2 text-sm text-warn">
            {t("app.offline")}
          </p>
        )}
        {isRoundabout && isAtLeast(role, "admin") && (
          <p role="status" className="bg-sunken px-4 py-2 text-sm text-warn">
            {t("app.eventsInstead")}
          </p>
        )}
        {isGoing && <Coming />}
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <Outlet />
        </main>
      </div>
      <ErrorBoundary
        key={window}
        frame={(broken) => (
          <Dialog title={t("app.name")} isOpen={window !== undefined} onClose={close}>
            {broken}
          </Dialog>
        )}
      >
        <Suspense>
          {window === "palette" && <Palette onClose={close} />}
          {window === "keys" && <Keys onClose={close} />}
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

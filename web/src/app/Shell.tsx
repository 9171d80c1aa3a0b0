import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation, useNavigate, useNavigation } from "react-router";
import { useKeys } from "../hooks/useKeys";
import { useIsPhone } from "../hooks/useMedia";
import { useRested } from "../hooks/useRested";
import { part } from "../lib/part";
import { readStored, writeStored } from "../lib/stored";
import { Dialog } from "../ui/Dialog";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Sheet } from "../ui/Sheet";
import { Skeleton } from "../ui/Skeleton";
import { Toasts } from "../ui/Toast";
import { ConnectionBanner } from "./ConnectionBanner";
import { PhoneBar, PhoneBarMiddle } from "./PhoneBar";
import { Sidebar } from "./Sidebar";
import { useFeed } from "./useFeed";
import { useNotices } from "./useNotices";
import { useRecovery } from "./useRecovery";

const Palette = lazy(part("Palette", () => import("./Palette")));
const Keys = lazy(part("Keys", () => import("./Keys")));

/** A page whose code does not come at once. */
function Coming() {
  return (
    useRested(300) && (
      <div className="p-6">
        <Skeleton />
      </div>
    )
  );
}

/** The frame of all pages: the sidebar, which a phone opens as a sheet, and the page beside it. */
export function Shell() {
  const { t } = useTranslation();
  const { key } = useLocation();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const isGoing = useNavigation().state === "loading";
  const [isRail, setIsRail] = useState(() => readStored("sidebar") === "rail");
  const [openAt, setOpenAt] = useState<string>();
  const [dialog, setDialog] = useState<"palette" | "keys">();
  const [middle, setMiddle] = useState<HTMLElement | null>(null);
  const close = () => setDialog(undefined);
  const search = () => setDialog("palette");
  const toggle = () => {
    if (isPhone) {
      // Going somewhere closes the sheet by itself.
      setOpenAt(openAt === key ? undefined : key);
    } else {
      writeStored("sidebar", isRail ? "open" : "rail");
      setIsRail(!isRail);
    }
  };
  useFeed();
  useNotices();
  useRecovery();
  useKeys({
    "mod+k": search,
    "mod+b": toggle,
    "mod+shift+o": () => void navigate("/"),
    "/": search,
    "?": () => setDialog("keys"),
  });
  return (
    <div className="flex h-dvh">
      <a
        href="#content"
        className="sr-only rounded-button bg-raised shadow-popover focus:not-sr-only focus:absolute focus:z-30 focus:m-2 focus:p-3"
      >
        {t("app.skip")}
      </a>
      {isPhone ? (
        <Sheet label={t("app.menu")} side="start" isOpen={openAt === key} onClose={() => setOpenAt(undefined)}>
          <Sidebar isRail={false} onToggle={toggle} onSearch={search} />
        </Sheet>
      ) : (
        <div
          className={`flex shrink-0 flex-col border-e border-line bg-side transition-[width] duration-[180ms] ${isRail ? "w-[52px]" : "w-66"}`}
        >
          <Sidebar isRail={isRail} onToggle={toggle} onSearch={search} />
        </div>
      )}
      <div className="relative flex min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        {isPhone && <PhoneBar onMenu={toggle} middle={setMiddle} />}
        {isGoing && <Coming />}
        <main
          id="content"
          tabIndex={-1}
          className="relative flex min-h-0 flex-1 flex-col outline-none lg:has-[[data-side-panel]]:pe-[360px]"
        >
          <PhoneBarMiddle value={middle}>
            <Outlet />
          </PhoneBarMiddle>
        </main>
      </div>
      <ErrorBoundary
        key={dialog}
        frame={(broken) => (
          <Dialog title={t("app.name")} isOpen={dialog !== undefined} onClose={close}>
            {broken}
          </Dialog>
        )}
      >
        <Suspense>
          {dialog === "palette" && <Palette onClose={close} />}
          {dialog === "keys" && <Keys onClose={close} />}
        </Suspense>
      </ErrorBoundary>
      <Toasts />
    </div>
  );
}

import { CloudOff, LoaderCircle, TriangleAlert } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { live } from "../api/live";
import { isAtLeast } from "../features/user/roles";
import { useOnline } from "../hooks/useOnline";
import { useRested } from "../hooks/useRested";
import { useMe } from "./useMe";

/** A connection that comes back at once is not worth a word, in milliseconds. */
const PATIENCE = 2_000;

/** One line above every page while the server, or the network, is away; the pages keep what they show. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const isOnline = useOnline();
  const transport = useSyncExternalStore(live.onChange, live.transport);
  const { role } = useMe();
  if (!isOnline) {
    return (
      <Line>
        <CloudOff aria-hidden="true" />
        {t("app.offline")}
      </Line>
    );
  }
  if (transport === "none") {
    return <Reconnecting />;
  }
  return (
    transport === "events" &&
    isAtLeast(role, "admin") && (
      <Line>
        <TriangleAlert aria-hidden="true" />
        {t("app.eventsInstead")}
      </Line>
    )
  );
}

function Reconnecting() {
  const { t } = useTranslation();
  return (
    useRested(PATIENCE) && (
      <Line>
        <LoaderCircle aria-hidden="true" className="animate-spin" />
        {t("app.reconnecting")}
      </Line>
    )
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-2 z-20 mx-auto flex w-fit max-w-[92%] items-center justify-center gap-2 rounded-frame border border-line bg-warn-soft px-4 py-1.5 text-label shadow-raised text-text [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-warn"
    >
      {children}
    </p>
  );
}

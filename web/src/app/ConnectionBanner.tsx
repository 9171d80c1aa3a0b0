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

/** A line over every page while the server, or the network, is away; the pages keep what they show, where it is. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const isOnline = useOnline();
  const transport = useSyncExternalStore(live.onChange, live.transport);
  const { role } = useMe();
  if (!isOnline) {
    return (
      <Line isOver>
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
      <Line isOver>
        <LoaderCircle aria-hidden="true" className="animate-spin" />
        {t("app.reconnecting")}
      </Line>
    )
  );
}

/** `isOver` for what passes: it moves nothing. */
function Line({ isOver = false, children }: { isOver?: boolean; children: ReactNode }) {
  const place = isOver
    ? "pointer-events-none absolute inset-x-0 top-2 z-20 mx-auto w-fit max-w-[92%] rounded-button shadow-raised"
    : "";
  return (
    <p
      role="status"
      className={`flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-label text-text [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-warn ${place}`}
    >
      {children}
    </p>
  );
}

import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { live } from "../../api/live";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";

/** What passes by itself: nobody has answered, or only a proxy. */
const AWAY = ["unreachable", "noServer"];

/** A message that was not sent: why, and another try. That the server is away is said only while it is. */
export function SendFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const isConnected = useSyncExternalStore(live.onChange, live.transport) !== "none";
  const problem = problemOf(error);
  if (!AWAY.includes(problem.code)) {
    return <Failed problem={problem} />;
  }
  return <Failed problem={isConnected ? { detail: t("composer.notSent") } : problem} onRetry={onRetry} />;
}

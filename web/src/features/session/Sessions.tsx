import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { forget } from "../../api/session";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { Failed } from "../../ui/Failed";
import { device } from "./device";
import { useEndAllSessionsMutation, useEndSessionMutation, useListSessionsQuery } from "./sessionApi";

/** Where one is signed in, and the end of each of these sessions. */
export function Sessions() {
  const { t, i18n } = useTranslation();
  const { data, isError, error, refetch } = useListSessionsQuery(undefined, { refetchOnMountOrArgChange: true });
  const [end, ending] = useEndSessionMutation();
  const [endAll, endingAll] = useEndAllSessionsMutation();
  const failed = ending.error ?? endingAll.error;

  async function signOutEverywhere() {
    const { error: refused } = await endAll();
    if (refused === undefined) {
      forget("signedOut");
    }
  }

  return (
    <section aria-labelledby="sessions" className="flex flex-col gap-2">
      <h3 id="sessions" className="text-sm font-semibold">
        {t("session.sessions")}
      </h3>
      {isError && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <ul className="flex max-h-56 flex-col gap-1 overflow-y-auto">
        {data?.items.map(({ id, current, user_agent, used_at }) => (
          <li key={id} className="flex items-center justify-between gap-2 text-sm">
            <span className="min-w-0">
              <span className="block truncate">{device(user_agent) ?? t("session.unknownDevice")}</span>
              <span className="text-xs text-text-2">
                {t("session.usedAt", { at: new Date(used_at).toLocaleString(i18n.language) })}
              </span>
            </span>
            {current ? (
              <Status look="good">{t("session.current")}</Status>
            ) : (
              <Button isPending={ending.isLoading} onPress={() => void end({ id })}>
                {t("session.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button className="self-start" onPress={() => void signOutEverywhere()}>
        {t("session.signOutEverywhere")}
      </Button>
    </section>
  );
}

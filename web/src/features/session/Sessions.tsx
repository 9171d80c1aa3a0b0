import { Laptop, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { forget } from "../../api/session";
import { useFormat } from "../../hooks/useFormat";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Status } from "../../ui/Status";
import { Tile } from "../../ui/Tile";
import { device } from "./device";
import { useEndAllSessionsMutation, useEndSessionMutation, useListSessionsQuery } from "./sessionApi";

/** The devices on which a person is signed in, and the end of each of these sessions. */
export function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, isLoading, isError, error, refetch } = useListSessionsQuery(undefined, {
    refetchOnMountOrArgChange: true,
  });
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
    <section aria-label={t("session.sessions")} className="flex max-w-form flex-col gap-4">
      {isLoading && <Skeleton />}
      {isError && <Failed problem={problemOf(error)} onRetry={refetch} />}
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <ul className="flex flex-col">
        {data?.items.map(({ id, current, user_agent, used_at }) => (
          <li key={id} className="flex min-h-14 items-center gap-3 border-b border-line py-2">
            <Tile icon={/Mobile|Android|iPhone/.test(user_agent ?? "") ? Smartphone : Laptop} look="plain" />
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="truncate font-[560]">{device(user_agent) ?? t("session.unknownDevice")}</span>
              <span className="text-small text-text-3">{t("session.usedAt", { at: format.dateTime(used_at) })}</span>
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

import { useTranslation } from "react-i18next";
import type { Actor } from "./actor";
import { useGetUserQuery } from "./logApi";

/** Who caused an event, by name. */
export function ActorName({ actor }: { actor: Actor | undefined }) {
  const { t } = useTranslation();
  if (actor === undefined) {
    return <>–</>;
  }
  return actor.kind === "user" ? <UserName id={actor.id} /> : <>{t(`log.actors.${actor.kind}`, { name: actor.id })}</>;
}

function UserName({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, isError } = useGetUserQuery({ id });
  if (data !== undefined) {
    return <span dir="auto">{data.display_name}</span>;
  }
  return isError ? <>{t("log.deletedUser")}</> : <>…</>;
}

import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { problemOf } from "../api/problem";
import { PartMissing } from "../lib/part";
import { Alert } from "../ui/Alert";
import { Button } from "../ui/Button";

/** What stands in the place of a pane that failed; the others go on. */
export function Failure() {
  const { t } = useTranslation();
  const error = useRouteError();
  const { request_id: id } = problemOf(error);
  const isMissing = error instanceof PartMissing;
  return (
    <div className="flex flex-1 flex-col items-start gap-3 p-6">
      <Alert>
        {t(isMissing ? "app.partMissing" : "app.failed")} {id !== undefined && t("app.request", { id })}
      </Alert>
      <Button onPress={() => globalThis.location.reload()}>{t(isMissing ? "app.reload" : "app.retry")}</Button>
    </div>
  );
}

/** Somebody came to a room of others. */
export function NotAllowed() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-1 flex-col items-start gap-3 p-6">
      <h1 className="text-xl font-semibold">{t("app.notAllowed")}</h1>
      <Link className="underline" to="/">
        {t("app.home")}
      </Link>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="flex flex-col items-start gap-3 p-6">
      <h1 className="text-xl font-semibold">{t("app.notFound")}</h1>
      <Link className="underline" to="/">
        {t("app.home")}
      </Link>
    </main>
  );
}

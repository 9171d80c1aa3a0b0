import { Lock, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { problemOf } from "../api/problem";
import { PartMissing } from "../lib/part";
import { Button } from "../ui/Button";
import { NotFound } from "../ui/NotFound";

/** Replaces a page that failed; the others keep working. */
export function Failure() {
  const { t } = useTranslation();
  const error = useRouteError();
  const { request_id: id } = problemOf(error);
  const isMissing = error instanceof PartMissing;
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      <span aria-hidden="true" className="rounded-popover bg-bad-soft p-3 text-bad">
        <TriangleAlert className="size-10" strokeWidth={1.5} />
      </span>
      <p className="max-w-md">{t(isMissing ? "app.partMissing" : "app.failed")}</p>
      {id !== undefined && <p className="text-small text-text-3">{t("app.request", { id })}</p>}
      <Button look="primary" onPress={() => globalThis.location.reload()}>
        {t(isMissing ? "app.reload" : "app.retry")}
      </Button>
    </div>
  );
}

/** Somebody came to a page of others. */
export function NotAllowed() {
  const { t } = useTranslation();
  return <NotFound title={t("app.notAllowed")} icon={Lock} />;
}

/** There is no page at the address; the sidebar stays. */
export function NoSuchPage() {
  const { t } = useTranslation();
  return <NotFound title={t("app.notFound")} />;
}

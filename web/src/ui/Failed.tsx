import { useTranslation } from "react-i18next";
import { Alert } from "./Alert";
import { Button } from "./Button";

interface Props {
  problem: { code?: string; detail: string; request_id?: string };
  onRetry?: () => unknown;
}

/** What did not work, under which request the operator finds it, and another try. */
export function Failed({ problem, onRetry }: Props) {
  const { t } = useTranslation();
  return (
    <Alert>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          {problem.detail || t("app.unreachable")}{" "}
          {problem.request_id !== undefined && (
            <span className="text-xs opacity-80">{t("app.request", { id: problem.request_id })}</span>
          )}
        </span>
        {problem.code === "signIn" && <Button onPress={() => globalThis.location.reload()}>{t("app.reload")}</Button>}
        {onRetry !== undefined && <Button onPress={() => void onRetry()}>{t("app.retry")}</Button>}
      </div>
    </Alert>
  );
}

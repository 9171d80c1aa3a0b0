import { useTranslation } from "react-i18next";
import { Alert } from "./Alert";
import { Button } from "./Button";
import { Details } from "./Details";

interface Props {
  /** `cause` is what the server said, in English. */
  problem: { code?: string; detail: string; cause?: string | null; request_id?: string };
  onRetry?: () => unknown;
}

/** What did not work, another try, and folded away what the operator asks for: the server's words and the request. */
export function Failed({ problem: { code, detail, cause, request_id: id }, onRetry }: Props) {
  const { t } = useTranslation();
  return (
    <Alert>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>{detail || t("app.unreachable")}</span>
        {code === "signIn" && <Button onPress={() => globalThis.location.reload()}>{t("app.reload")}</Button>}
        {onRetry !== undefined && <Button onPress={() => void onRetry()}>{t("app.retry")}</Button>}
      </div>
      {(cause || id !== undefined) && (
        <Details>
          {cause && (
            <p lang="en" dir="ltr">
              {cause}
            </p>
          )}
          {id !== undefined && <p>{t("app.request", { id })}</p>}
        </Details>
      )}
    </Alert>
  );
}

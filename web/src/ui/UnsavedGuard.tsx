import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import { forgetUnsaved, hasUnsaved } from "../hooks/useUnsaved";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

/** Asks before a page is left whose form holds unsaved changes; once on each page. */
export function UnsavedGuard() {
  const { t } = useTranslation();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => hasUnsaved() && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (hasUnsaved()) {
        event.preventDefault();
      }
    };
    globalThis.addEventListener("beforeunload", ask);
    return () => globalThis.removeEventListener("beforeunload", ask);
  }, []);
  return (
    <Dialog
      title={t("app.unsavedTitle")}
      isOpen={blocker.state === "blocked"}
      onClose={() => blocker.state === "blocked" && blocker.reset()}
    >
      <p className="text-ui text-text-2">{t("app.unsavedHint")}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={() => blocker.state === "blocked" && blocker.reset()}>{t("app.keepEditing")}</Button>
        <Button
          look="danger"
          onPress={() => {
            forgetUnsaved();
            if (blocker.state === "blocked") {
              blocker.proceed();
            }
          }}
        >
          {t("app.discardChanges")}
        </Button>
      </div>
    </Dialog>
  );
}

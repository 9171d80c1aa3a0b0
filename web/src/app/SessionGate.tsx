import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch, useSelector } from "react-redux";
import { Outlet } from "react-router";
import { findSession } from "../features/session/sessionApi";
import { found } from "../features/session/sessionSlice";
import { Alert } from "../ui/Alert";
import { Button } from "../ui/Button";
import type { State } from "./store";
import { useLook } from "./useLook";

/** Finds out who is here before anything is shown. */
export function SessionGate() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const phase = useSelector((state: State) => state.session.phase);
  const find = useCallback(() => void findSession().then((state) => dispatch(found(state))), [dispatch]);
  useEffect(find, [find]);
  useLook(phase === "signedIn");
  if (phase === "starting") {
    return (
      <p role="status" className="p-6 text-faint">
        {t("app.starting")}
      </p>
    );
  }
  if (phase === "unreachable") {
    return (
      <main className="flex flex-col items-start gap-3 p-6">
        <Alert>{t("app.unreachable")}</Alert>
        <Button onPress={find}>{t("app.retry")}</Button>
      </main>
    );
  }
  return <Outlet />;
}

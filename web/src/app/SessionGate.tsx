import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch, useSelector } from "react-redux";
import { Outlet } from "react-router";
import { findSession } from "../features/session/sessionApi";
import { found } from "../features/session/sessionSlice";
import { forgetDrafts } from "../features/message/draftStore";
import { Failed } from "../ui/Failed";
import type { State } from "./store";
import { useLook } from "./useLook";

/** Between two looks for a server that was not reached, in milliseconds. */
const AGAIN = 3_000;

/** Finds out who is here before anything is shown. */
export function SessionGate() {
  const dispatch = useDispatch();
  const session = useSelector((state: State) => state.session);
  const { phase } = session;
  const find = useCallback(async () => {
    const state = await findSession();
    if (state.phase === "anonymous") {
      // The next person at this browser sees nothing of the previous one.
      forgetDrafts();
    }
    dispatch(found(state));
  }, [dispatch]);
  useEffect(() => void find(), [find]);
  useEffect(() => {
    if (session.phase === "unreachable") {
      const again = setTimeout(() => void find(), AGAIN);
      return () => clearTimeout(again);
    }
  }, [session, find]);
  useLook(phase === "signedIn");
  if (phase === "starting") {
    return <Starting />;
  }
  if (session.phase === "unreachable") {
    return (
      <main className="p-6">
        <Failed problem={session.problem ?? { detail: "" }} onRetry={find} />
      </main>
    );
  }
  return <Outlet />;
}

/** Until it is known who is here, or until the first page has come. */
export function Starting() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("app.starting")} className="flex h-dvh items-center justify-center">
      <img src="/icon.svg" alt="" className="size-11 animate-pulse" />
    </div>
  );
}

import { useSelector } from "react-redux";
import { type Location, Navigate, Outlet, useLocation } from "react-router";
import type { State } from "./store";

type Phase = State["session"]["phase"];

const HOMES: Partial<Record<Phase, string>> = { signedIn: "/" };

/** Where somebody was who had to sign in first, and whose session had ended there. */
interface Origin {
  from?: string;
  endedFor?: string;
}

/** Pages of one phase of the session; in another one, the person is sent to where that begins, and comes back. */
export function Only({ phase }: { phase: Phase }) {
  const session = useSelector((state: State) => state.session);
  const { hash, pathname, search, state } = useLocation() as Location<Origin | null>;
  const now = session.phase;
  if (now === phase) {
    return <Outlet />;
  }
  if (now === "anonymous") {
    const { endedFor } = session;
    const isWorthIt = phase === "signedIn" && (endedFor !== undefined || pathname !== "/");
    // After signing out there is nothing to return to.
    const origin: Origin = isWorthIt && !session.hasLeft ? { from: pathname + search + hash, endedFor } : {};
    return <Navigate to="/login" state={origin} replace />;
  }
  // The link to the set-up carries its token there, and nowhere else.
  const afterSetUp = now === "signedIn" && pathname === "/setup" ? "/connect" : undefined;
  const origin = state ?? {};
  const isTheirs = origin.endedFor === undefined || origin.endedFor === session.user?.id;
  const back = now === "signedIn" && isTheirs ? origin.from : undefined;
  const home = now === "setup" ? `/setup${hash}` : (afterSetUp ?? back ?? HOMES[now] ?? "/");
  return <Navigate to={home} replace />;
}

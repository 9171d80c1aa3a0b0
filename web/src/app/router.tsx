import { createBrowserRouter, type Location, Navigate, Outlet, useLocation } from "react-router";
import { useSelector } from "react-redux";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { SignUp } from "../features/session/SignUp";
import { isAtLeast, type Role } from "../features/user/roles";
import { part } from "../lib/part";
import { ChatPage } from "./ChatPage";
import { Failure, NotAllowed, NotFound } from "./Failure";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";
import type { State } from "./store";
import { useMe } from "./useMe";

type Phase = State["session"]["phase"];

const HOMES: Partial<Record<Phase, string>> = { signedIn: "/" };

/** Each room comes when it is entered, but for the chat. */
const admin = {
  dashboard: part("DashboardPage", () => import("./DashboardPage")),
  users: part("admin/UsersPage", () => import("./admin/UsersPage")),
  providers: part("admin/ProvidersPage", () => import("./admin/ProvidersPage")),
  log: part("admin/LogPage", () => import("./admin/LogPage")),
  projections: part("admin/ProjectionsPage", () => import("./admin/ProjectionsPage")),
  backups: part("admin/BackupsPage", () => import("./admin/BackupsPage")),
};

/** Where somebody was who had to sign in first, and whose session had ended there. */
interface Origin {
  from?: string;
  endedFor?: string;
}

/** Pages of one phase of the session; in another one, the person is sent to where that begins, and comes back. */
function Only({ phase }: { phase: Phase }) {
  const session = useSelector((state: State) => state.session);
  const { hash, pathname, search, state } = useLocation() as Location<Origin | null>;
  const now = session.phase;
  if (now === phase) {
    return <Outlet />;
  }
  if (now === "anonymous") {
    const { endedFor } = session;
    const isWorthIt = phase === "signedIn" && (endedFor !== undefined || pathname !== "/");
    // Whoever has signed out leaves nothing to come back to.
    const origin: Origin = isWorthIt && !session.hasLeft ? { from: pathname + search + hash, endedFor } : {};
    return <Navigate to="/login" state={origin} replace />;
  }
  // The link to the set-up carries its token there, and nowhere else.
  const begun = now === "signedIn" && pathname === "/setup" ? "/connect" : undefined;
  const origin = state ?? {};
  const isTheirs = origin.endedFor === undefined || origin.endedFor === session.user?.id;
  const back = now === "signedIn" && isTheirs ? origin.from : undefined;
  const home = now === "setup" ? `/setup${hash}` : (begun ?? back ?? HOMES[now] ?? "/");
  return <Navigate to={home} replace />;
}

/** Rooms of some roles; others learn that they are not for them. */
function OnlyFrom({ least }: { least: Role }) {
  return isAtLeast(useMe().role, least) ? <Outlet /> : <NotAllowed />;
}

export function makeRouter() {
  return createBrowserRouter([
    {
      element: <SessionGate />,
      errorElement: <Failure />,
      children: [
        { element: <Only phase="setup" />, children: [{ path: "/setup", element: <SetUp /> }] },
        {
          element: <Only phase="anonymous" />,
          children: [
            { path: "/login", element: <SignIn /> },
            { path: "/register", element: <SignUp /> },
          ],
        },
        {
          element: <Only phase="signedIn" />,
          children: [
            {
              element: <OnlyFrom least="admin" />,
              children: [
                {
                  path: "/connect",
                  lazy: part("ConnectPage", () => import("./ConnectPage")),
                  errorElement: <Failure />,
                },
              ],
            },
            {
              element: <Shell />,
              children: [
                {
                  errorElement: <Failure />,
                  children: [
                    { path: "/", element: <ChatPage /> },
                    { path: "/c/:id", element: <ChatPage /> },
                    { path: "/search", lazy: part("SearchPage", () => import("./SearchPage")) },
                    { path: "/archive", lazy: part("ArchivePage", () => import("./ArchivePage")) },
                    { path: "/portability", lazy: part("PortabilityPage", () => import("./PortabilityPage")) },
                    { path: "/knowledge", lazy: part("KnowledgeBasesPage", () => import("./KnowledgeBasesPage")) },
                    { path: "/knowledge/new", lazy: part("KnowledgeBasePage", () => import("./KnowledgeBasePage")) },
                    { path: "/knowledge/:id", lazy: part("KnowledgeBasePage", () => import("./KnowledgeBasePage")) },
                    {
                      path: "/knowledge/:base/documents/:id",
                      lazy: part("DocumentPage", () => import("./DocumentPage")),
                    },
                    { path: "/assistants", lazy: part("AssistantsPage", () => import("./AssistantsPage")) },
                    { path: "/assistants/new", lazy: part("AssistantPage", () => import("./AssistantPage")) },
                    { path: "/assistants/:id", lazy: part("AssistantPage", () => import("./AssistantPage")) },
                    {
                      element: <OnlyFrom least="manager" />,
                      children: [
                        { path: "/groups", lazy: part("GroupsPage", () => import("./GroupsPage")) },
                        { path: "/groups/:id", lazy: part("GroupPage", () => import("./GroupPage")) },
                      ],
                    },
                    {
                      element: <OnlyFrom least="admin" />,
                      children: [
                        { path: "/dashboard", lazy: admin.dashboard },
                        { path: "/admin", element: <Navigate to="/admin/users" replace /> },
                        { path: "/admin/users", lazy: admin.users },
                        { path: "/admin/providers", lazy: admin.providers },
                        { path: "/admin/log", lazy: admin.log },
                        { path: "/admin/projections", lazy: admin.projections },
                        { path: "/admin/backups", lazy: admin.backups },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

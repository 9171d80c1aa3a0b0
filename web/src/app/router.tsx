import { createBrowserRouter, Navigate, Outlet, useLocation } from "react-router";
import { useSelector } from "react-redux";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { SignUp } from "../features/session/SignUp";
import { isAtLeast, type Role } from "../features/user/roles";
import { ChatPage } from "./ChatPage";
import { Failure, NotAllowed, NotFound } from "./Failure";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";
import type { State } from "./store";
import { useMe } from "./useMe";

type Phase = State["session"]["phase"];

const HOMES: Partial<Record<Phase, string>> = { anonymous: "/login", signedIn: "/" };

/** Each room comes when it is entered, but for the chat. */
const admin = {
  dashboard: () => import("./DashboardPage"),
  users: () => import("./admin/UsersPage"),
  providers: () => import("./admin/ProvidersPage"),
  log: () => import("./admin/LogPage"),
  projections: () => import("./admin/ProjectionsPage"),
  backups: () => import("./admin/BackupsPage"),
};

/** Pages of one phase of the session; in another one, the person is sent to where that begins. */
function Only({ phase }: { phase: Phase }) {
  const now = useSelector((state: State) => state.session.phase);
  const { hash, pathname } = useLocation();
  // The link to the set-up carries its token there, and nowhere else.
  const begun = now === "signedIn" && pathname === "/setup" ? "/connect" : undefined;
  const home = now === "setup" ? `/setup${hash}` : (begun ?? HOMES[now] ?? "/");
  return now === phase ? <Outlet /> : <Navigate to={home} replace />;
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
              children: [{ path: "/connect", lazy: () => import("./ConnectPage"), errorElement: <Failure /> }],
            },
            {
              element: <Shell />,
              children: [
                {
                  errorElement: <Failure />,
                  children: [
                    { path: "/", element: <ChatPage /> },
                    { path: "/c/:id", element: <ChatPage /> },
                    { path: "/search", lazy: () => import("./SearchPage") },
                    { path: "/archive", lazy: () => import("./ArchivePage") },
                    { path: "/portability", lazy: () => import("./PortabilityPage") },
                    { path: "/knowledge", lazy: () => import("./KnowledgeBasesPage") },
                    { path: "/knowledge/new", lazy: () => import("./KnowledgeBasePage") },
                    { path: "/knowledge/:id", lazy: () => import("./KnowledgeBasePage") },
                    { path: "/knowledge/:base/documents/:id", lazy: () => import("./DocumentPage") },
                    { path: "/assistants", lazy: () => import("./AssistantsPage") },
                    { path: "/assistants/new", lazy: () => import("./AssistantPage") },
                    { path: "/assistants/:id", lazy: () => import("./AssistantPage") },
                    {
                      element: <OnlyFrom least="manager" />,
                      children: [
                        { path: "/groups", lazy: () => import("./GroupsPage") },
                        { path: "/groups/:id", lazy: () => import("./GroupPage") },
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

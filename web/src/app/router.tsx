import { createBrowserRouter, Navigate, Outlet } from "react-router";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { SignUp } from "../features/session/SignUp";
import { isAtLeast, type Role } from "../features/user/roles";
import { part } from "../lib/part";
import { ChatPage } from "./ChatPage";
import { Failure, NoSuchPage, NotAllowed } from "./Failure";
import { Only } from "./Only";
import { SessionGate, Starting } from "./SessionGate";
import { Shell } from "./Shell";
import { useMe } from "./useMe";

/** Each room comes when it is entered, but for the chat. */
const admin = {
  dashboard: part("DashboardPage", () => import("./DashboardPage")),
  users: part("admin/UsersPage", () => import("./admin/UsersPage")),
  providers: part("admin/ProvidersPage", () => import("./admin/ProvidersPage")),
  log: part("admin/LogPage", () => import("./admin/LogPage")),
  projections: part("admin/ProjectionsPage", () => import("./admin/ProjectionsPage")),
  backups: part("admin/BackupsPage", () => import("./admin/BackupsPage")),
};

/** Rooms of some roles; others learn that they are not for them. */
function OnlyFrom({ least }: { least: Role }) {
  return isAtLeast(useMe().role, least) ? <Outlet /> : <NotAllowed />;
}

export function makeRouter() {
  return createBrowserRouter([
    {
      element: <SessionGate />,
      errorElement: <Failure />,
      hydrateFallbackElement: <Starting />,
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
                    { path: "/settings", lazy: part("SettingsPage", () => import("./SettingsPage")) },
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
                    { path: "*", element: <NoSuchPage /> },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ]);
}

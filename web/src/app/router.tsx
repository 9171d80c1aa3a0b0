import { createBrowserRouter, Navigate, Outlet, useParams } from "react-router";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { SignUp } from "../features/session/SignUp";
import { isAtLeast, type Role } from "../features/user/roles";
import { part } from "../lib/part";
import { AdminIndex } from "./admin/AdminIndex";
import { ChatPage } from "./ChatPage";
import { Failure, NoSuchPage, NotAllowed } from "./Failure";
import { Only } from "./Only";
import { SessionGate, Starting } from "./SessionGate";
import { Shell } from "./Shell";
import { useMe } from "./useMe";

/** Each page comes when it is entered, except for the chat. */
const admin = {
  layout: part("admin/AdminLayout", () => import("./admin/AdminLayout")),
  overview: part("admin/OverviewPage", () => import("./admin/OverviewPage")),
  users: part("admin/UsersPage", () => import("./admin/UsersPage")),
  groups: part("GroupsPage", () => import("./GroupsPage")),
  group: part("GroupPage", () => import("./GroupPage")),
  models: part("admin/ModelsPage", () => import("./admin/ModelsPage")),
  log: part("admin/LogPage", () => import("./admin/LogPage")),
  projections: part("admin/ProjectionsPage", () => import("./admin/ProjectionsPage")),
  backups: part("admin/BackupsPage", () => import("./admin/BackupsPage")),
};

/** Groups were a page of their own once. */
function ToGroups() {
  const { id } = useParams();
  return <Navigate to={id === undefined ? "/admin/groups" : `/admin/groups/${id}`} replace />;
}

/** Rooms of some roles; others learn that they are not for them. */
function OnlyFrom({ least }: { least: Role }) {
  return isAtLeast(useMe().role, least) ? <Outlet /> : <NotAllowed />;
}

/** The parts of the kit, in development builds. */
const styleguide = import.meta.env.DEV ? [{ path: "/styleguide", lazy: () => import("./StyleguidePage") }] : [];

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
                    { path: "/dashboard", element: <Navigate to="/admin/overview" replace /> },
                    { path: "/groups/:id?", element: <ToGroups /> },
                    {
                      element: <OnlyFrom least="manager" />,
                      children: [
                        {
                          path: "/admin",
                          lazy: admin.layout,
                          children: [
                            { index: true, element: <AdminIndex /> },
                            { path: "groups", lazy: admin.groups },
                            { path: "groups/:id", lazy: admin.group },
                            {
                              element: <OnlyFrom least="admin" />,
                              children: [
                                { path: "overview", lazy: admin.overview },
                                { path: "users", lazy: admin.users },
                                { path: "models", lazy: admin.models },
                                { path: "providers", element: <Navigate to="/admin/models" replace /> },
                                { path: "log", lazy: admin.log },
                                { path: "projections", lazy: admin.projections },
                                { path: "backups", lazy: admin.backups },
                              ],
                            },
                          ],
                        },
                      ],
                    },
                    ...styleguide,
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

import { lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet, useParams } from "react-router";
import { isAtLeast, type Role } from "../features/user/roles";
import { part } from "../lib/part";
import { AdminIndex } from "./admin/AdminIndex";
import { Failure, NoSuchPage, NotAllowed } from "./Failure";
import { Only } from "./Only";
import { SessionGate, Starting } from "./SessionGate";
import { useMe } from "./useMe";

/** The frame and the chat are on their way while it is found out who is here: most people are signed in. */
const shell = part("Shell", () => import("./Shell"))();
const chat = part("ChatPage", () => import("./ChatPage"))();
const Shell = lazy(async () => ({ default: (await shell).Shell }));
const ChatPage = lazy(async () => ({ default: (await chat).ChatPage }));

/** The ways in. */
const SetUp = lazy(part("SetUp", () => import("../features/session/SetUp")));
const SignIn = lazy(part("SignIn", () => import("../features/session/SignIn")));
const SignUp = lazy(part("SignUp", () => import("../features/session/SignUp")));

/** Each other page comes when it is entered. */
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
      element: (
        <Suspense fallback={<Starting />}>
          <SessionGate />
        </Suspense>
      ),
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

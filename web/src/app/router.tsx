import { createBrowserRouter, Navigate, Outlet, useLocation } from "react-router";
import { useSelector } from "react-redux";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { SignUp } from "../features/session/SignUp";
import { ChatPage } from "./ChatPage";
import { Failure, NotFound } from "./Failure";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";
import type { State } from "./store";

type Phase = State["session"]["phase"];

const HOMES: Partial<Record<Phase, string>> = { anonymous: "/login", signedIn: "/" };

/** Pages of one phase of the session; in another one, the person is sent to where that begins. */
function Only({ phase }: { phase: Phase }) {
  const now = useSelector((state: State) => state.session.phase);
  const { hash } = useLocation();
  // The link to the set-up carries its token there, and nowhere else.
  const home = now === "setup" ? `/setup${hash}` : (HOMES[now] ?? "/");
  return now === phase ? <Outlet /> : <Navigate to={home} replace />;
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
              element: <Shell />,
              children: [
                { path: "/", element: <ChatPage />, errorElement: <Failure /> },
                { path: "/c/:id", element: <ChatPage />, errorElement: <Failure /> },
              ],
            },
          ],
        },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

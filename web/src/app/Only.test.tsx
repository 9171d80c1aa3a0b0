import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { forget } from "../api/session";
import SignIn from "../features/session/SignIn";
import { signedIn } from "../features/session/sessionSlice";
import { answer } from "../test/contract";
import { show } from "../test/show";
import { Only } from "./Only";

const person = (id: string) => ({
  id,
  version: 1,
  role: "user" as const,
  display_name: id,
  email: `${id}@example.org`,
  suspended: false,
  created_at: "2026-01-01T00:00:00Z",
});

function pages(path: string) {
  return show(
    [
      {
        element: <Only phase="signedIn" />,
        children: [
          { path: "/c/:id", element: <p>The chat</p> },
          { path: "/", element: <p>Home</p> },
        ],
      },
      { element: <Only phase="anonymous" />, children: [{ path: "/login", element: <SignIn /> }] },
    ],
    path,
    (store) => store.dispatch(signedIn(person("ada"))),
  );
}

async function signInAs(id: string) {
  answer("login", { access_token: "a", expires_in: 900, token_type: "Bearer", user: person(id) });
  await userEvent.type(screen.getByLabelText("Email"), `${id}@example.org`);
  await userEvent.type(screen.getByLabelText("Password"), "correct horse");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

it("brings a person back to where their session ended, and says that it did", async () => {
  const { router } = pages("/c/1?through=2#3");
  await screen.findByText("The chat");
  // Two requests learn of it.
  act(() => {
    forget("ended");
    forget("ended");
  });
  await screen.findByText(/Your session ended/);
  await signInAs("ada");
  await screen.findByText("The chat");
  const { pathname, search, hash } = router.state.location;
  expect(pathname + search + hash).toBe("/c/1?through=2#3");
});

it("shows another person their own beginning", async () => {
  pages("/c/1");
  await screen.findByText("The chat");
  act(() => forget("ended"));
  await screen.findByText(/Your session ended/);
  await signInAs("bob");
  await screen.findByText("Home");
});

it("leaves nothing to come back to for who signs out", async () => {
  pages("/c/1");
  await screen.findByText("The chat");
  act(() => forget("signedOut"));
  await screen.findByLabelText("Email");
  expect(screen.queryByText(/Your session ended/)).toBeNull();
  await signInAs("ada");
  await screen.findByText("Home");
});

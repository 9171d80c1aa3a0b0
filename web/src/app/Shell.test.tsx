import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { signedIn } from "../features/session/sessionSlice";
import { answer } from "../test/contract";
import { show } from "../test/show";
import { NoSuchPage } from "./Failure";
import { Shell } from "./Shell";

const ADA = {
  id: "u",
  version: 1,
  role: "user" as const,
  display_name: "Ada Lovelace",
  email: "ada@example.org",
  suspended: false,
  created_at: "2026-01-01T00:00:00Z",
};

let width = 1280;

beforeEach(() => {
  width = 1280;
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query.includes("max-width") && width <= Number(/\d+/.exec(query)?.[0]),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  answer("listConversations", { items: [], next_cursor: null });
  answer("getPreferences", {
    version: 1,
    theme: "system",
    send_on_enter: true,
    notify_answers: false,
    favorite_models: [],
  });
});

function shell() {
  return show([{ element: <Shell />, children: [{ path: "*", element: <NoSuchPage /> }] }], "/nonsense", (store) =>
    store.dispatch(signedIn(ADA)),
  );
}

it("keeps the way everywhere beside a page that does not exist", async () => {
  shell();
  await screen.findByRole("heading", { name: /page/i });
  expect(screen.getByRole("link", { name: "New chat" })).toBeTruthy();
  expect(screen.getByRole("button", { name: /Ada Lovelace/ })).toBeTruthy();
});

it("shrinks the sidebar by a key, and remembers that", async () => {
  const first = shell();
  await screen.findByText("Ada Lovelace");
  await userEvent.keyboard("{Control>}b{/Control}");
  await waitFor(() => expect(screen.queryByText("Ada Lovelace")).toBeNull());
  // What the rail shows as icons has its names all the same.
  expect(screen.getByRole("link", { name: "New chat" })).toBeTruthy();
  first.unmount();
  shell();
  await screen.findByRole("heading", { name: /page/i });
  expect(screen.queryByText("Ada Lovelace")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Open sidebar" }));
  await screen.findByText("Ada Lovelace");
});

it("opens the sidebar of a phone as a sheet, which going somewhere closes", async () => {
  width = 390;
  shell();
  await screen.findByRole("heading", { name: /page/i });
  expect(screen.queryByText("Ada Lovelace")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Menu" }));
  await screen.findByText("Ada Lovelace");
  await userEvent.click(screen.getByRole("link", { name: "Assistants" }));
  await waitFor(() => expect(screen.queryByText("Ada Lovelace")).toBeNull());
});

it("shows the keyboard shortcuts from the menu of the account", async () => {
  shell();
  await userEvent.click(await screen.findByRole("button", { name: /Ada Lovelace/ }));
  await userEvent.click(screen.getByRole("menuitem", { name: "Keyboard shortcuts" }));
  await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
});

it("lists all keys that the pages listen to", async () => {
  shell();
  await screen.findByText("Ada Lovelace");
  await userEvent.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  const keys = [...dialog.querySelectorAll("kbd")].map(({ textContent }) => textContent);
  expect(keys).toEqual(["Ctrl K", "Ctrl Shift O", "Ctrl B", "/", "?", "Enter", "Shift Enter", "Esc"]);
});

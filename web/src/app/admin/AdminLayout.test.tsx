import { screen, within } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import type { User } from "../../api/generated";
import { signedIn } from "../../features/session/sessionSlice";
import { show } from "../../test/show";
import { AdminIndex } from "./AdminIndex";
import { Component as AdminLayout } from "./AdminLayout";

beforeAll(() => {
  // jsdom has no layout to scroll.
  Element.prototype.scrollIntoView = () => undefined;
});

function enter(role: User["role"]) {
  const children = [
    { index: true, element: <AdminIndex /> },
    { path: ":page", element: <p>a page</p> },
  ];
  return show([{ path: "/admin", element: <AdminLayout />, children }], "/admin", (store) =>
    store.dispatch(signedIn({ id: "ada", role } as User)),
  );
}

async function links() {
  await screen.findByText("a page");
  const navigation = within(screen.getByRole("navigation", { name: "Administration" }));
  return navigation.getAllByRole("link").map(({ textContent }) => textContent);
}

it("leads administrators everywhere, and opens the overview", async () => {
  const { router } = enter("admin");
  expect(await links()).toEqual(["Overview", "People", "Groups", "Models", "Event log", "Read models", "Backups"]);
  expect(router.state.location.pathname).toBe("/admin/overview");
});

it("leads managers to groups alone", async () => {
  const { router } = enter("manager");
  expect(await links()).toEqual(["Groups"]);
  expect(router.state.location.pathname).toBe("/admin/groups");
});

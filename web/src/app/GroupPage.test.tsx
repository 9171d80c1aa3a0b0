import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { User } from "../api/generated";
import { answer, asked, respond } from "../test/contract";
import { as, person } from "../test/people";
import { show } from "../test/show";
import { Toasts } from "../ui/Toast";
import { Component as GroupPage } from "./GroupPage";

const AT = "2026-11-01T10:00:00Z";

function open(role: User["role"], path = "/admin/groups/g1") {
  answer("getGroup", {
    id: "g1",
    name: "Keepers",
    description: "",
    members: 1,
    member: false,
    version: 1,
    created_at: AT,
    updated_at: AT,
  });
  answer("listMembers", {
    items: [{ user_id: "bob", display_name: "Bob", email: "bob@example.org", role: "user", added_at: AT }],
    next_cursor: null,
  });
  respond("removeMember", () => new Response(null, { status: 204 }));
  respond("addMember", () => new Response(null, { status: 204 }));
  return show(
    [
      {
        path: "/admin/groups/:id",
        element: (
          <>
            <GroupPage />
            <Toasts />
          </>
        ),
      },
      { path: "/admin/groups", element: <p>All groups</p> },
    ],
    path,
    as(role),
  );
}

const bodies = (operation: string) => asked.filter((one) => one.operation === operation).map(({ body }) => body);

it("lets an administrator choose a person by name", async () => {
  answer("listUsers", {
    items: [person("cleo", "user", "Cleo Clark"), person("dan", "user", "Dan")],
    next_cursor: null,
  });
  open("admin");
  await userEvent.type(await screen.findByRole("combobox", { name: "Name or email" }), "cle");
  // The server looks among all people, however many there are.
  await waitFor(() => expect(asked.some(({ url }) => url.includes("q=cle"))).toBe(true));
  await userEvent.click(await screen.findByRole("option", { name: /Cleo Clark/ }));
  await userEvent.click(screen.getByRole("button", { name: /Add/ }));
  await waitFor(() => expect(bodies("addMember")).toEqual([{ user_id: "cleo" }]));
});

it("lets a manager, who may not list people, type an address", async () => {
  open("manager");
  await userEvent.type(await screen.findByRole("combobox", { name: /^Email/ }), "dan@example.org");
  await userEvent.click(screen.getByRole("button", { name: /Add/ }));
  await waitFor(() => expect(bodies("addMember")).toEqual([{ email: "dan@example.org" }]));
  expect(bodies("listUsers")).toEqual([]);
});

it("removes a member and takes that back", async () => {
  open("manager");
  await userEvent.click(await screen.findByRole("button", { name: "Actions for Bob" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(bodies("addMember")).toEqual([{ user_id: "bob" }]));
});

it("deletes a group with members only once its name was typed", async () => {
  respond("deleteGroup", () => new Response(null, { status: 204 }));
  open("manager", "/admin/groups/g1?tab=settings");
  await userEvent.click(await screen.findByRole("button", { name: /^Delete (the )?group$/ }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("button", { name: /^Delete (the )?group$/ })).toHaveProperty("disabled", true);
  await userEvent.type(dialog.getByRole("textbox"), "Keepers");
  await userEvent.click(dialog.getByRole("button", { name: /^Delete (the )?group$/ }));
  await screen.findByText("All groups");
});

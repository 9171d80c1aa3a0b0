import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { choose } from "../../test/choose";
import { show } from "../../test/show";
import { AddUser } from "./AddUser";
import { UserList } from "./UserList";

function person(id: string, display_name: string, suspended = false) {
  const email = `${id}@example.org`;
  const created_at = "2026-01-01T00:00:00Z";
  return { id, version: 1, role: "user" as const, display_name, email, suspended, created_at, last_active_at: null };
}

/** Opens the menu of somebody, and presses an action. */
async function act(name: string, action: string) {
  await userEvent.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: action }));
}

const bodyOf = (operation: string) => asked.filter((one) => one.operation === operation).at(-1)?.body;

it("shows everybody page by page", async () => {
  answer("listUsers", { items: [person("ada", "Ada")], next_cursor: "more" });
  show(<UserList meId="ada" />);
  await screen.findByText("ada@example.org");
  answer("listUsers", { items: [person("bob", "Bob", true)] });
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  const row = (await screen.findByText("bob@example.org")).closest("tr") as HTMLElement;
  expect(within(row).getByText("Suspended")).toBeTruthy();
  expect(asked.at(-1)?.url).toContain("cursor=more");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

it("searches and sorts at the server", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  show(<UserList meId="ada" />);
  await screen.findByText("ada@example.org");
  answer("listUsers", { items: [] });
  await userEvent.type(screen.getByRole("searchbox"), "bo");
  await screen.findByText("Nobody matches this search.");
  expect(new URL(asked.at(-1)?.url ?? "").searchParams.get("q")).toBe("bo");
  await choose(/Sort by/, "Last active");
  await expect.poll(() => new URL(asked.at(-1)?.url ?? "").searchParams.get("sort")).toBe("last_active_at");
});

it("says what failed under which request, and tries again", async () => {
  refuse("listUsers", { status: 403, code: "forbidden", detail: "requires the admin role" });
  show(<UserList meId="ada" />);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("request-7");
  answer("listUsers", { items: [person("ada", "Ada")] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("ada@example.org");
});

it("says below a person why a change was refused", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  refuse("updateUser", { status: 409, code: "last_admin", detail: "one administrator must stay" });
  show(<UserList meId="bob" />);
  await act("Ada", "Suspend");
  expect((await screen.findByRole("alert")).textContent).toContain("You're the only administrator.");
  expect(bodyOf("updateUser")).toEqual({ suspended: true });
});

it("lets nobody suspend, demote or delete themselves", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  show(<UserList meId="ada" />);
  await userEvent.click(await screen.findByRole("button", { name: "Actions for Ada" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map(({ textContent }) => textContent)).toEqual(["Edit name and email"]);
});

it("changes a role only once it is confirmed", async () => {
  answer("listUsers", { items: [person("bob", "Bob")] });
  answer("updateUser", { ...person("bob", "Bob"), role: "admin" });
  show(<UserList meId="ada" />);
  await act("Bob", "Change role");
  const dialog = await screen.findByRole("dialog", { name: "Role of Bob" });
  await choose(/Role/, "Administrator");
  expect(bodyOf("updateUser")).toBeUndefined();
  await userEvent.click(within(dialog).getByRole("button", { name: "Change role" }));
  await expect.poll(() => bodyOf("updateUser")).toEqual({ role: "admin" });
});

it("deletes somebody only after their name was typed", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  answer("deleteUser", undefined as never);
  show(<UserList meId="bob" />);
  await act("Ada", "Delete permanently…");
  const dialog = await screen.findByRole("dialog", { name: "Delete Ada permanently?" });
  const button = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Delete permanently" });
  expect(button.disabled).toBe(true);
  await userEvent.type(within(dialog).getByRole("textbox"), "Ada");
  await userEvent.click(button);
  await expect.poll(() => asked.some(({ operation }) => operation === "deleteUser")).toBe(true);
});

it("resets a password and shows the generated one", async () => {
  answer("listUsers", { items: [person("bob", "Bob")] });
  answer("resetPassword", { generated_password: "xK7mPq2RtVw9" });
  show(<UserList meId="ada" />);
  await act("Bob", "Reset password");
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Reset password" }));
  await within(dialog).findByText("xK7mPq2RtVw9");
  expect(bodyOf("resetPassword")).toEqual({ new_password: null });
});

it("changes the address of somebody, and only what was changed", async () => {
  answer("listUsers", { items: [person("bob", "Bob")] });
  answer("updateUser", person("bob", "Bob"));
  show(<UserList meId="ada" />);
  await act("Bob", "Edit name and email");
  const email = await screen.findByLabelText("Email");
  await userEvent.clear(email);
  await userEvent.type(email, "bob@example.net");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await expect.poll(() => bodyOf("updateUser")).toEqual({ email: "bob@example.net" });
});

it("adds somebody with a generated password that is shown once", async () => {
  answer("createUser", person("bob", "Bob"));
  show(<AddUser />);
  await userEvent.click(screen.getByRole("button", { name: "Add user" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Name"), "Bob");
  await userEvent.type(within(dialog).getByLabelText("Email"), "bob@example.org");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add user" }));
  await within(dialog).findByText(/isn't shown again/);
  const { password } = bodyOf("createUser") as { password: string };
  expect(password.length).toBeGreaterThan(12);
  expect(within(dialog).getByText(password)).toBeTruthy();
});

it("writes addresses from left to right in every language", async () => {
  answer("listUsers", { items: [person("1ada", "Ada")] });
  show(<UserList meId="ada" />);
  expect((await screen.findByText("1ada@example.org")).dir).toBe("ltr");
});

import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { show } from "../../test/show";
import { UserList } from "./UserList";

function person(id: string, display_name: string, suspended = false) {
  const email = `${id}@example.org`;
  return { id, version: 1, role: "user" as const, display_name, email, suspended, created_at: "2026-01-01T00:00:00Z" };
}

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

it("says what failed under which request, and tries again", async () => {
  refuse("listUsers", { status: 503, code: "projection_behind", detail: "the views are behind" });
  show(<UserList meId="ada" />);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The server is still catching up.");
  expect(alert.textContent).toContain("request-7");
  answer("listUsers", { items: [person("ada", "Ada")] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("ada@example.org");
});

it("says below a person why a change was refused", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  refuse("updateUser", { status: 409, code: "last_admin", detail: "one administrator must stay" });
  show(<UserList meId="ada" />);
  await userEvent.click(await screen.findByRole("button", { name: "Suspend Ada" }));
  expect((await screen.findByRole("alert")).textContent).toContain("You're the only administrator.");
  expect(asked.find(({ operation }) => operation === "updateUser")?.body).toEqual({ suspended: true });
});

it("asks once more before somebody is erased", async () => {
  answer("listUsers", { items: [person("ada", "Ada")] });
  show(<UserList meId="bob" />);
  await userEvent.click(await screen.findByRole("button", { name: "Delete Ada permanently" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete Ada permanently?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  expect(asked.some(({ operation }) => operation === "deleteUser")).toBe(false);
});

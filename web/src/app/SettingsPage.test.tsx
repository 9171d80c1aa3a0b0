import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { signedIn } from "../features/session/sessionSlice";
import { answer, asked, refuse } from "../test/contract";
import { show } from "../test/show";
import { Toasts } from "../ui/Toast";
import { Component as SettingsPage } from "./SettingsPage";

const ADA = {
  id: "u",
  version: 1,
  role: "user" as const,
  display_name: "Ada",
  email: "ada@example.org",
  suspended: false,
  created_at: "2026-01-01T00:00:00Z",
};

function settings() {
  return show(
    <>
      <SettingsPage />
      <Toasts />
    </>,
    "/",
    (store) => store.dispatch(signedIn(ADA)),
  );
}

it("changes one's name, everywhere at once", async () => {
  answer("updateMe", { ...ADA, display_name: "Ada King" });
  const { store } = settings();
  const name = screen.getByLabelText("Name");
  await userEvent.clear(name);
  await userEvent.type(name, "Ada King");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await expect.poll(() => store.getState().session.user?.display_name).toBe("Ada King");
  expect(asked.find(({ operation }) => operation === "updateMe")?.body).toEqual({ display_name: "Ada King" });
});

it("changes the password by who knows the present one, and forgets what was typed", async () => {
  answer("changePassword", null);
  settings();
  await userEvent.type(screen.getByLabelText("Current password"), "correct horse");
  await userEvent.type(screen.getByLabelText("New password"), "battery staple");
  await userEvent.click(screen.getByRole("button", { name: "Change password" }));
  await screen.findByText(/^Password changed/);
  expect(asked.find(({ operation }) => operation === "changePassword")?.body).toEqual({
    current_password: "correct horse",
    new_password: "battery staple",
  });
  expect(screen.getByLabelText<HTMLInputElement>("New password").value).toBe("");
});

it("says at its field why a password was refused, and keeps what was typed", async () => {
  const errors = [{ pointer: "/new_password", code: "of_tomorrow", detail: "too common" }];
  refuse("changePassword", { status: 422, code: "invalid", detail: "invalid", errors });
  settings();
  await userEvent.type(screen.getByLabelText("Current password"), "correct horse");
  await userEvent.type(screen.getByLabelText("New password"), "password1");
  await userEvent.click(screen.getByRole("button", { name: "Change password" }));
  const field = screen.getByLabelText<HTMLInputElement>("New password");
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  expect(field.value).toBe("password1");
});

it("changes the address by who knows the password", async () => {
  answer("changeEmail", { ...ADA, email: "countess@example.org" });
  const { store } = settings();
  const change = screen.getByRole("button", { name: "Change email" });
  expect(change.hasAttribute("disabled")).toBe(true);
  const field = screen.getByLabelText("Email address");
  await userEvent.clear(field);
  await userEvent.type(field, "countess@example.org");
  await userEvent.type(screen.getByLabelText("Your password"), "correct horse");
  await userEvent.click(change);
  await expect.poll(() => store.getState().session.user?.email).toBe("countess@example.org");
  expect(asked.find(({ operation }) => operation === "changeEmail")?.body).toEqual({
    email: "countess@example.org",
    current_password: "correct horse",
  });
});

import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { show } from "../../test/show";
import SignIn from "./SignIn";
import SignUp from "./SignUp";

const ADA = {
  id: "u",
  version: 1,
  role: "user" as const,
  display_name: "Ada",
  email: "ada@example.org",
  suspended: false,
  created_at: "2026-01-01T00:00:00Z",
};

beforeEach(() => answer("getSetup", { needed: false, registration_open: true }));

async function fill(fields: Record<string, string>) {
  for (const [label, text] of Object.entries(fields)) {
    await userEvent.type(screen.getByLabelText(label), text);
  }
}

it("signs in, and knows who that is", async () => {
  answer("login", { access_token: "a", expires_in: 900, token_type: "Bearer", user: ADA });
  const { store } = show(<SignIn />);
  await fill({ Email: "ada@example.org", Password: "correct horse" });
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await expect.poll(() => store.getState().session).toEqual({ phase: "signedIn", user: ADA });
  expect(asked.find(({ operation }) => operation === "login")?.body).toEqual({
    email: "ada@example.org",
    password: "correct horse",
    cookie: true,
  });
});

it("says that the password is wrong, and keeps what was typed", async () => {
  refuse("login", { status: 401, code: "unauthorized", detail: "x" });
  show(<SignIn />);
  await fill({ Email: "ada@example.org", Password: "wrong horse" });
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Wrong email or password.");
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("ada@example.org");
});

it("shows what is refused at its field, until the form is sent again", async () => {
  const detail = "email must be an address such as ada@example.org";
  const errors = [{ pointer: "/email", code: "invalid_email", detail }];
  refuse("register", { status: 422, code: "invalid", detail, errors });
  const told = "Enter an email address such as name@example.org.";
  show(<SignUp />);
  await fill({ Name: "Ada", Email: "nonsense", Password: "correct horse" });
  await userEvent.click(screen.getByRole("button", { name: "Create account" }));
  const field = screen.getByLabelText("Email");
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(told).id).toBe(field.getAttribute("aria-describedby")?.split(" ").at(-1));
  await userEvent.type(field, "@example.org");
  expect(screen.getByText(told)).toBeTruthy();
});

it("offers to create an account only where that is open", async () => {
  const { unmount } = show(<SignIn />);
  await screen.findByRole("link", { name: "Create account" });
  unmount();
  answer("getSetup", { needed: false, registration_open: false });
  show(<SignUp />);
  expect((await screen.findByRole("status")).textContent).toContain("administrator");
  expect(screen.queryByLabelText("Password")).toBeNull();
});

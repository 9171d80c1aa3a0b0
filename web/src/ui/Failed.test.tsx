import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { Failed } from "./Failed";

it("keeps the words of the server and the request until somebody asks for them", async () => {
  const problem = { detail: "This chat is archived.", cause: "the conversation is archived", request_id: "r-1" };
  render(<Failed problem={problem} />);
  const cause = screen.getByText("the conversation is archived");
  expect(cause.closest("[hidden]")).not.toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Details" }));
  expect(cause.closest("[hidden]")).toBeNull();
  expect(cause.lang).toBe("en");
  screen.getByText("Request ID r-1");
});

it("says that nobody answered where there are no words, and has no details then", () => {
  render(<Failed problem={{ detail: "" }} />);
  screen.getByText("Can't reach the server.");
  expect(screen.queryByRole("button")).toBeNull();
});

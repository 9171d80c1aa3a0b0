import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Message } from "../../api/generated";
import { asked, refuse } from "../../test/contract";
import { show } from "../../test/show";
import { CutOff } from "./CutOff";

const MESSAGE = { id: "m", conversation_id: "c" } as unknown as Message;

it("says that an answer reached its limit, and goes on below it", async () => {
  refuse("postMessage", { status: 503, code: "busy", detail: "try again" });
  show(<CutOff message={MESSAGE} reason="length" onPath={vi.fn()} />);
  screen.getByText(/length limit/);
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  await screen.findByText(/try again/i);
  const { body, url } = asked.find(({ operation }) => operation === "postMessage") ?? {};
  expect(url).toContain("/conversations/c/messages");
  expect(body).toEqual({ content: "Continue.", parent_id: "m" });
});

it("says that a filter ended an answer, and offers nothing that would end the same", () => {
  show(<CutOff message={MESSAGE} reason="content_filter" onPath={vi.fn()} />);
  screen.getByText(/filter/);
  expect(screen.queryByRole("button")).toBeNull();
});

it.each(["stop", null, undefined])("says nothing of an answer that ended as %s", (reason) => {
  const { container } = show(<CutOff message={MESSAGE} reason={reason} onPath={vi.fn()} />);
  expect(container.textContent).toBe("");
});

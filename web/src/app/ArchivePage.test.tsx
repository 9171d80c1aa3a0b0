import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Conversation, Job } from "../api/generated";
import { answer, asked, refuse } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { Toasts } from "../ui/Toast";
import { Component as ArchivePage } from "./ArchivePage";

const chat = { id: "c1", title: "Thrown away", updated_at: "2026-11-29T12:00:00Z", trashed: true } as Conversation;

const JOB = { id: "j", kind: "erase_conversation", status: "queued" } as Job;

const trash = (
  <>
    <ArchivePage />
    <Toasts />
  </>
);

it("has a tab for the trash, and a way back from it", async () => {
  answer("listConversations", { items: [chat], next_cursor: null });
  answer("restoreConversation", { ...chat, trashed: false });
  const { router } = show(trash, "/archive", as("user"));
  await userEvent.click(screen.getByRole("tab", { name: "Trash" }));
  expect(router.state.location.search).toBe("?tab=trash");
  await userEvent.click(await screen.findByRole("button", { name: "Restore: Thrown away" }));
  await screen.findByText("“Thrown away” restored");
  await waitFor(() => expect(asked.map(({ operation }) => operation)).toContain("restoreConversation"));
});

it("deletes a chat of the trash for good, and only once that was confirmed", async () => {
  answer("listConversations", { items: [chat], next_cursor: null });
  answer("eraseConversation", JOB);
  refuse("getConversation", { status: 404, code: "not_found", detail: "x" });
  show(trash, "/archive?tab=trash", as("user"));
  await userEvent.click(await screen.findByRole("button", { name: "Delete forever: Thrown away" }));
  expect(screen.getByRole("dialog").textContent).toContain("This can’t be undone.");
  expect(asked.map(({ operation }) => operation)).not.toContain("eraseConversation");
  await userEvent.click(screen.getByRole("button", { name: "Delete forever" }));
  await screen.findByText("Deleted forever");
  await waitFor(() => expect(screen.queryByText("Thrown away")).toBeNull());
});

it("empties the trash once that was confirmed", async () => {
  answer("listConversations", { items: [chat], next_cursor: null });
  answer("emptyTrash", JOB);
  show(trash, "/archive?tab=trash", as("user"));
  await userEvent.click(await screen.findByRole("button", { name: "Empty trash" }));
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Empty trash" }));
  await screen.findByText("Emptying the trash…");
  expect(asked.map(({ operation }) => operation)).toContain("emptyTrash");
});

import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Conversation } from "../api/generated";
import { answer, asked } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { Toasts } from "../ui/Toast";
import { Component as ArchivePage } from "./ArchivePage";

const chat = { id: "c1", title: "Thrown away", updated_at: "2026-11-29T12:00:00Z", trashed: true } as Conversation;

it("has a tab for the trash, and a way back from it", async () => {
  answer("listConversations", { items: [chat], next_cursor: null });
  answer("restoreConversation", { ...chat, trashed: false });
  const part = (
    <>
      <ArchivePage />
      <Toasts />
    </>
  );
  const { router } = show(part, "/archive", as("user"));
  await userEvent.click(screen.getByRole("tab", { name: "Trash" }));
  expect(router.state.location.search).toBe("?tab=trash");
  await userEvent.click(await screen.findByRole("button", { name: "Restore: Thrown away" }));
  await screen.findByText("Restored");
  await waitFor(() => expect(asked.map(({ operation }) => operation)).toContain("restoreConversation"));
});

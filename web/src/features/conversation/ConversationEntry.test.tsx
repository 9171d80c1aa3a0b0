import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Conversation } from "../../api/generated";
import { answer, asked, refuse } from "../../test/contract";
import { show } from "../../test/show";
import { Toasts } from "../../ui/Toast";
import { ConversationEntry } from "./ConversationEntry";

const conversation = {
  id: "c",
  title: "Plans",
  pinned: false,
  archived: false,
  trashed: false,
} as unknown as Conversation;

async function act(action: string) {
  show(
    <>
      <ConversationEntry conversation={conversation} isCurrent={false} />
      <Toasts />
    </>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Actions for Plans" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: action }));
}

it.each([
  ["Pin", "updateConversation"],
  ["Archive", "updateConversation"],
  ["Delete", "trashConversation"],
] as const)("says why %s was not done", async (action, operation) => {
  refuse(operation, { status: 409, code: "contended", detail: "the object is changing too quickly" });
  await act(action);
  await screen.findByText("Something else is changing this right now. Try again.");
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

it.each([
  ["Archive", "updateConversation", "“Plans” archived", "updateConversation"],
  ["Delete", "trashConversation", "“Plans” moved to trash", "restoreConversation"],
] as const)("offers the way back after %s", async (action, operation, told, undo) => {
  answer(operation, conversation);
  answer(undo, conversation);
  answer("getConversation", conversation);
  await act(action);
  const notice = await screen.findByRole("alertdialog", { name: told });
  await userEvent.click(within(notice).getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked.filter(({ operation: done }) => done === undo).length).toBeGreaterThan(0));
  const last = asked.filter(({ operation: done }) => done === undo).at(-1);
  expect(JSON.stringify(last?.body ?? null)).toBe(undo === "updateConversation" ? '{"archived":false}' : "null");
});

it.each(["Plans", "قاعدة بيانات PostgreSQL"])("cuts %s only where it is too long, at its own end", (title) => {
  show(<ConversationEntry conversation={{ ...conversation, title }} isCurrent={false} />);
  const { dir, classList } = screen.getByText(title);
  // An ellipsis appears only on overflow, and follows the direction of the text.
  expect(dir).toBe("auto");
  expect([...classList]).toContain("truncate");
});

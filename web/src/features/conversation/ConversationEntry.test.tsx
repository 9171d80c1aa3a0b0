import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Conversation } from "../../api/generated";
import { refuse } from "../../test/contract";
import { show } from "../../test/show";
import { ConversationEntry } from "./ConversationEntry";

const conversation = {
  id: "c",
  title: "Plans",
  pinned: false,
  archived: false,
  trashed: false,
} as unknown as Conversation;

it.each([
  ["Pin", "updateConversation"],
  ["Archive", "updateConversation"],
  ["Delete", "trashConversation"],
] as const)("says why %s was not done", async (action, operation) => {
  refuse(operation, { status: 409, code: "some_reason", detail: "it is held by somebody" });
  const onDeleted = vi.fn();
  show(<ConversationEntry conversation={conversation} isCurrent={false} top={0} onDeleted={onDeleted} />);
  await userEvent.click(screen.getByRole("button", { name: "Actions for Plans" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: action }));
  expect((await screen.findByRole("alert")).textContent).toBe("it is held by somebody");
  expect(onDeleted).not.toHaveBeenCalled();
});

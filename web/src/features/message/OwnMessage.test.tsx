import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Message } from "../../api/generated";
import { show } from "../../test/show";
import { OwnMessage } from "./OwnMessage";

const message = { id: "m", content: "Said", attachments: [], sibling_ids: ["m"], role: "user" } as unknown as Message;

it.each([
  ["as Safari tells of it", { isComposing: false, keyCode: 229 }],
  ["as others tell of it", { isComposing: true, keyCode: 27 }],
])("keeps an edit when Escape only cancels a composition, %s", (_how, keys) => {
  show(<OwnMessage message={message} onPath={vi.fn()} />);
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  const box = () => screen.queryByRole<HTMLTextAreaElement>("textbox");
  fireEvent.change(box() as HTMLTextAreaElement, { target: { value: "Said かな" } });
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Escape", ...keys });
  expect(box()?.value).toBe("Said かな");
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Escape", keyCode: 27 });
  expect(box()).toBeNull();
});

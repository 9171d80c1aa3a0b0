import { expect, it } from "vitest";
import type { Conversation } from "../../api/generated";
import { put, type Shelved } from "./shelf";

const chat = (id: string, changes: Partial<Conversation> = {}) =>
  ({ id, title: id, updated_at: "2026-11-29T12:00:00Z", hidden: false, ...changes }) as Conversation;

function listed(conversation: Conversation): string[] {
  const list: Shelved = { pages: [{ items: [], next_cursor: null }] };
  put(list, { place: "open", text: "" }, conversation);
  return list.pages.flatMap(({ items }) => items.map(({ id }) => id));
}

it("lists a chat in its place, and the preview of an assistant nowhere", () => {
  expect(listed(chat("a"))).toEqual(["a"]);
  expect(listed(chat("b", { archived: true }))).toEqual([]);
  expect(listed(chat("c", { hidden: true }))).toEqual([]);
});

/** Lists of conversations as they are cached, and where one belongs in them. */
import type { Conversation, ConversationList } from "../../api/generated";

export type Place = "pinned" | "open" | "archived" | "trashed";

/** A list: where its conversations lie, and a text that their titles have in them. */
export interface Shelf {
  place: Place;
  text: string;
}

export interface Shelved {
  pages: ConversationList[];
}

/** As the contract asks for the conversations of a place. */
export const FILTERS: Record<Place, Record<string, boolean>> = {
  pinned: { pinned: true },
  open: { pinned: false },
  archived: { archived: true },
  trashed: { trashed: true },
};

function placeOf({ trashed, archived, pinned }: Conversation): Place {
  if (trashed) {
    return "trashed";
  }
  if (archived) {
    return "archived";
  }
  return pinned ? "pinned" : "open";
}

/** Takes a conversation out of a list. */
export function take(list: Shelved, id: string): void {
  for (const page of list.pages) {
    const index = page.items.findIndex((known) => known.id === id);
    if (index >= 0) {
      page.items.splice(index, 1);
    }
  }
}

/** Puts a conversation into a list as it is now: the last changed first; nowhere where it does not belong. */
export function put(list: Shelved, shelf: Shelf, conversation: Conversation): void {
  take(list, conversation.id);
  const title = (conversation.title ?? "").toLowerCase();
  if (conversation.hidden || placeOf(conversation) !== shelf.place || !title.includes(shelf.text.toLowerCase())) {
    return;
  }
  for (const page of list.pages) {
    const index = page.items.findIndex((known) => known.updated_at < conversation.updated_at);
    if (index >= 0) {
      page.items.splice(index, 0, conversation);
      return;
    }
  }
  // Beyond what is loaded it comes with its page.
  const last = list.pages.at(-1);
  if (last !== undefined && last.next_cursor == null) {
    last.items.push(conversation);
  }
}

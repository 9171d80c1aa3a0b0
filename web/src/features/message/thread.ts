/** The path of messages as it is cached: pages, newest first, as the server sends them. */
import { isDraft, original } from "@reduxjs/toolkit";
import type { MessageList, Message } from "../../api/generated";

/** Which path: the current one of a conversation, or that through a message. */
export interface Path {
  id: string;
  through?: string;
}

export interface ThreadPage extends MessageList {
  /** Where in the log this page was read: from there on the live connection tells the rest. */
  position: number;
}

export interface Thread {
  pages: ThreadPage[];
}

/** Puts a message where it belongs; false where it lies on another path, so that the thread must be read again. */
export function place(thread: Thread, message: Message): boolean {
  // A draft costs with everything of it that is looked at.
  const { pages } = isDraft(thread) ? original(thread) : thread;
  for (const [number, page] of pages.entries()) {
    const index = page.items.findIndex((known) => known.id === message.id);
    if (index >= 0) {
      thread.pages[number]?.items.splice(index, 1, message);
      return true;
    }
  }
  // Earlier than what is loaded: it comes with its page.
  const oldest = pages.at(-1);
  const first = oldest?.items.at(-1);
  if (oldest?.next_cursor != null && first !== undefined && message.created_at < first.created_at) {
    return true;
  }
  const newest = pages[0];
  if (newest === undefined || (newest.items[0]?.id ?? null) !== (message.parent_id ?? null)) {
    return false;
  }
  thread.pages[0]?.items.unshift(message);
  return true;
}

/** The messages from the first to the last. */
export function inOrder(thread: Thread | undefined): Message[] {
  return thread === undefined ? [] : thread.pages.flatMap((page) => page.items).reverse();
}

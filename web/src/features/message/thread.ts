/** The path of messages as it is cached: pages, newest first, as the server sends them. */
import { isDraft, original } from "@reduxjs/toolkit";
import type { Message, MessageList, MessagePart, Response } from "../../api/generated";

/** Which path: the current one of a conversation, that through a message, or that up to a message. */
export interface Path {
  id: string;
  through?: string;
  leaf?: string;
}

export interface ThreadPage extends MessageList {
  /** Where in the log this page was read: from there on the live connection tells the rest. */
  position: number;
}

export interface Thread {
  pages: ThreadPage[];
}

/** Puts a message where it belongs; false if it is on another path, so that the thread must be read again. */
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

/** Adds the place of an answer that has not started, unless it is known already: it may wait for the answer above. */
export function placeAnswer(thread: Thread, question: Message, { id, message_id }: Response): void {
  if (thread.pages.some((page) => page.items.some((message) => message.id === message_id))) {
    return;
  }
  place(thread, {
    ...question,
    id: message_id,
    parent_id: question.id,
    sibling_ids: [message_id],
    role: "assistant",
    status: "running",
    response_id: id,
    user_id: null,
    content: "",
    parts: [],
    attachments: [],
  });
}

/** The place of the first answer that is being written. What comes after it waits for its end. */
export function firstRunning(messages: Message[]): number {
  const index = messages.findIndex((message) => message.status === "running");
  return index < 0 ? messages.length : index;
}

type Thought = MessagePart & { duration_ms?: number | null };

/** What a model thought before it wrote an answer, and how long that took, in milliseconds. */
export function reasoningOf({ parts }: Message): { text: string; tookMs: number | undefined } {
  const thoughts: Thought[] = parts.filter(({ type }) => type === "reasoning");
  const times = thoughts.flatMap(({ duration_ms }) => duration_ms ?? []);
  const isTimed = times.length > 0 && times.length === thoughts.length;
  return {
    text: thoughts.map(({ text }) => text).join("\n"),
    tookMs: isTimed ? times.reduce((sum, time) => sum + time) : undefined,
  };
}

/** The messages from the first to the last. */
export function inOrder(thread: Thread | undefined): Message[] {
  return thread === undefined ? [] : thread.pages.flatMap((page) => page.items).reverse();
}

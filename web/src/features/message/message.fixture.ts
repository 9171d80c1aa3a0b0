/** Messages and runs as the server sends them, for tests. */
import type { Message, Response } from "../../api/generated";

const ID = { id: "q", sibling_ids: ["q"] };

export function question(changes: Partial<Message> = {}): Message {
  return {
    ...ID,
    parent_id: null,
    conversation_id: "c",
    role: "user",
    status: "complete",
    content: "Why?",
    parts: [],
    attachments: [],
    citations: [],
    created_at: "2026-01-01T00:00:00Z",
    ...changes,
  };
}

export function answerMessage(changes: Partial<Message> = {}): Message {
  return question({
    id: "a",
    sibling_ids: ["a"],
    parent_id: "q",
    role: "assistant",
    response_id: "r",
    content: "Because.",
    ...changes,
  });
}

export function response(changes: Partial<Response> = {}): Response {
  return {
    id: "r",
    conversation_id: "c",
    assistant_id: "as",
    assistant_version: 3,
    message_id: "a",
    prompt_message_id: "q",
    model: "openai/gpt-5.2",
    status: "completed",
    calls: [],
    ...changes,
  };
}

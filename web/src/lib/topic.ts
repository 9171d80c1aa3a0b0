/** What is told live, and of what. */
export interface Frame {
  type: string;
  /** On durable frames. */
  id?: string | null;
  data: Record<string, unknown>;
  conversation_id?: string;
  channel?: string;
}

export type Listener = (frame: Frame) => void;

/** What is followed: a conversation, one's own events, or the log. */
export type Topic = { conversation_id: string } | { channel: "feed" | "events" };

/** Under which name a topic, or that of a frame, is known. */
export function keyOf(topic: { conversation_id?: string; channel?: string }): string {
  return topic.conversation_id ?? topic.channel ?? "";
}

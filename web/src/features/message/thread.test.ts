import { describe, expect, it } from "vitest";
import type { Message } from "../../api/generated";
import { pieceHeard, runEnded, runReducer, snapshotHeard } from "./runSlice";
import { inOrder, place, type Thread } from "./thread";

function message(id: string, parent_id: string | null, content = id): Message {
  return {
    id,
    parent_id,
    content,
    conversation_id: "c",
    role: "user",
    status: "complete",
    attachments: [],
    citations: [],
    parts: [],
    sibling_ids: [id],
    created_at: "2026-01-01T00:00:00Z",
  };
}

describe("a thread", () => {
  it("takes what follows its last message, and what it knows already in its newer form", () => {
    const thread: Thread = {
      pages: [
        { items: [message("b", "a")], position: 5 },
        { items: [message("a", null)], position: 5 },
      ],
    };
    expect(place(thread, message("c", "b"))).toBe(true);
    expect(place(thread, message("a", null, "new"))).toBe(true);
    expect(inOrder(thread).map((found) => found.content)).toEqual(["new", "b", "c"]);
  });

  it("says when a message lies on another path", () => {
    const thread: Thread = { pages: [{ items: [message("b", "a"), message("a", null)], position: 5 }] };
    expect(place(thread, message("d", "a"))).toBe(false);
    expect(inOrder(thread)).toHaveLength(2);
  });

  it("leaves what is earlier than its first page to that page", () => {
    const thread: Thread = { pages: [{ items: [message("b", "a")], position: 5, next_cursor: "x" }] };
    const earlier = { ...message("a", null), created_at: "2025-01-01T00:00:00Z" };
    expect(place(thread, earlier)).toBe(true);
    expect(inOrder(thread)).toHaveLength(1);
  });

  it("begins with a first message", () => {
    const thread: Thread = { pages: [{ items: [], position: 1 }] };
    expect(place(thread, message("a", null))).toBe(true);
  });
});

describe("an answer that is written", () => {
  it("grows piece by piece, hears nothing twice, and a snapshot replaces it", () => {
    const piece = (seq: number, text: string, kind = "text") => pieceHeard({ response_id: "r", seq, kind, text });
    let runs = runReducer(undefined, piece(1, "Hel"));
    runs = runReducer(runs, piece(2, "lo"));
    runs = runReducer(runs, piece(2, "lo"));
    runs = runReducer(runs, piece(3, "hm", "reasoning"));
    expect(runs.r).toEqual({ seq: 3, text: "Hello", reasoning: "hm" });
    runs = runReducer(runs, snapshotHeard({ response_id: "r", seq: 2, text: "old", reasoning: "" }));
    expect(runs.r?.text).toBe("Hello");
    runs = runReducer(runs, snapshotHeard({ response_id: "r", seq: 9, text: "Hello you", reasoning: "" }));
    expect(runs.r?.text).toBe("Hello you");
    expect(runReducer(runs, runEnded("r"))).toEqual({});
  });
});

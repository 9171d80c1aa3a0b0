import { describe, expect, it } from "vitest";
import type { Message, Response } from "../../api/generated";
import { pieceHeard, runEnded, runReducer, snapshotHeard } from "./runSlice";
import { firstRunning, inOrder, place, placeAnswer, type Thread } from "./thread";

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

  it("says when a message is on another path", () => {
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

  it("has a place for an answer before its run starts, and keeps what is known of it", () => {
    const thread: Thread = { pages: [{ items: [message("q", null)], position: 5 }] };
    const response = { id: "r", message_id: "a" } as Response;
    placeAnswer(thread, message("q", null), response);
    expect(inOrder(thread).at(-1)).toMatchObject({ id: "a", role: "assistant", status: "running", response_id: "r" });
    place(thread, message("a", "q", "Ended already"));
    placeAnswer(thread, message("q", null), response);
    expect(inOrder(thread).at(-1)?.content).toBe("Ended already");
  });

  it("knows which answer the others wait for", () => {
    const running = { ...message("b", "a"), status: "running" as const };
    expect(firstRunning([message("a", null), running, { ...running, id: "c" }])).toBe(1);
    expect(firstRunning([message("a", null)])).toBe(1);
  });

  it("begins with a first message", () => {
    const thread: Thread = { pages: [{ items: [], position: 1 }] };
    expect(place(thread, message("a", null))).toBe(true);
  });
});

describe("an answer that is written", () => {
  it("grows piece by piece, ignores repeated pieces, and is replaced by a snapshot", () => {
    const piece = (seq: number, text: string, kind = "text") =>
      pieceHeard({ response_id: "r", seq, kind, text }, seq * 1_000);
    let runs = runReducer(undefined, piece(1, "Hel"));
    runs = runReducer(runs, piece(2, "lo"));
    runs = runReducer(runs, piece(2, "lo"));
    runs = runReducer(runs, piece(3, "hm", "reasoning"));
    expect(runs.r).toMatchObject({ seq: 3, text: "Hello", reasoning: "hm" });
    runs = runReducer(runs, snapshotHeard({ response_id: "r", seq: 2, text: "old", reasoning: "" }));
    expect(runs.r?.text).toBe("Hello");
    runs = runReducer(runs, snapshotHeard({ response_id: "r", seq: 9, text: "Hello you", reasoning: "" }));
    expect(runs.r?.text).toBe("Hello you");
    expect(runReducer(runs, runEnded("r"))).toEqual({});
  });

  it("measures how long the model thinks, unless its beginning was not seen", () => {
    const piece = (response_id: string, seq: number, kind: string) =>
      pieceHeard({ response_id, seq, kind, text: "x" }, seq * 1_000);
    let runs = runReducer(undefined, snapshotHeard({ response_id: "late", seq: 1, text: "", reasoning: "hm" }));
    for (const id of ["r", "late"]) {
      runs = runReducer(runs, piece(id, 2, "reasoning"));
      runs = runReducer(runs, piece(id, 4, "reasoning"));
      runs = runReducer(runs, piece(id, 6, "text"));
      runs = runReducer(runs, piece(id, 8, "text"));
    }
    expect(runs.r?.thoughtMs).toBe(4_000);
    expect(runs.late?.thoughtMs).toBeUndefined();
  });
});

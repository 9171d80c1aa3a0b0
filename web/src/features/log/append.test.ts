import { describe, expect, it } from "vitest";
import { append, type Event } from "./logApi";

function event(position: number, event_type = "message_posted"): Event {
  return { position, event_type, aggregate_id: "a" } as Event;
}

const all = { after: 0, type: "", object: "" };

describe("the log on the screen", () => {
  it("takes what has just happened once, at its end", () => {
    const log = { pages: [{ items: [event(1), event(2)] }] };
    append(log, all, [event(2), event(3)]);
    append(log, all, [event(3), event(4)]);
    expect(log.pages[0]?.items.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  });

  it("takes nothing where its end is not read yet", () => {
    const log = { pages: [{ items: [event(1)], next_cursor: "more" }] };
    append(log, all, [event(9)]);
    expect(log.pages[0]?.items).toHaveLength(1);
  });

  it("takes what fits the filter", () => {
    const log = { pages: [{ items: [] as Event[] }] };
    append(log, { ...all, type: "answer_added" }, [event(1), event(2, "answer_added")]);
    append(log, { ...all, object: "b" }, [event(3)]);
    expect(log.pages[0]?.items.map(({ position }) => position)).toEqual([2]);
  });

  it("keeps the last ones", () => {
    const log = { pages: [{ items: [] as Event[] }] };
    append(
      log,
      all,
      Array.from({ length: 2_500 }, (_, n) => event(n + 1)),
    );
    expect(log.pages[0]?.items).toHaveLength(2_000);
    expect(log.pages[0]?.items[0]?.position).toBe(501);
  });
});

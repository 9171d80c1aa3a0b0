import { describe, expect, it } from "vitest";
import { type Event, type EventPage, LIMIT, prepend, readOlder } from "./eventPages";

function event(position: number, event_type = "message_posted"): Event {
  return { position, event_type, aggregate_id: "a" } as Event;
}

/** A log in which every so-many-th event matches; counts what it was asked. */
function log(length: number, every = 1) {
  const asked: number[] = [];
  const read = (after: number) => {
    asked.push(after);
    const all = Array.from({ length }, (_, n) => event(n + 1)).filter(({ position }) => position % every === 0);
    return Promise.resolve({ items: all.filter(({ position }) => position > after).slice(0, LIMIT) });
  };
  return { read, asked };
}

const positions = ({ items }: EventPage) => items.map(({ position }) => position);

describe("the log from its end", () => {
  it("shows the newest first, and goes on where it stopped", async () => {
    const { read } = log(500);
    const first = await readOlder(read, 500, 500);
    expect(positions(first).slice(0, 2)).toEqual([500, 499]);
    const second = await readOlder(read, 500, first.older);
    const third = await readOlder(read, 500, second.older);
    expect([first, second, third].flatMap(positions)).toEqual(Array.from({ length: 500 }, (_, n) => 500 - n));
    expect(third.older).toBe(0);
  });

  it("finds rare events far back without reading everything", async () => {
    const { read, asked } = log(100_000, 30_000);
    const page = await readOlder(read, 100_000, 100_000);
    expect(positions(page)).toEqual([90_000, 60_000, 30_000]);
    expect(asked.length).toBeLessThan(10);
  });

  it("leaves out nothing where a wide window holds more than one answer", async () => {
    // Nothing at the end, then many.
    const items = [...Array.from({ length: 3_000 }, (_, n) => event(n + 1)), event(20_000)];
    const read = (after: number) =>
      Promise.resolve({ items: items.filter(({ position }) => position > after).slice(0, LIMIT) });
    const seen: number[] = [];
    for (let older = 20_000; older > 0;) {
      const page = await readOlder(read, 20_000, older);
      seen.push(...positions(page));
      older = page.older;
    }
    expect(seen).toEqual(items.map(({ position }) => position).toReversed());
  });
});

describe("what happens meanwhile", () => {
  const all = { type: "", object: "" };
  const page = (...at: number[]): EventPage => ({ items: at.map((position) => event(position)), head: 2, older: 0 });

  it("comes first, and once", () => {
    const pages = [page(2, 1)];
    prepend(pages, all, [event(2), event(3)]);
    prepend(pages, all, [event(3), event(4)]);
    expect(pages.flatMap(positions)).toEqual([4, 3, 2, 1]);
  });

  it("is shown where it fits the filter", () => {
    const pages = [page()];
    prepend(pages, { ...all, type: "answer_added" }, [event(3), event(4, "answer_added")]);
    prepend(pages, { ...all, object: "b" }, [event(5)]);
    expect(pages.flatMap(positions)).toEqual([4]);
  });

  it("pushes out the oldest, which can be read again", () => {
    const pages = [page()];
    prepend(
      pages,
      all,
      Array.from({ length: 2_500 }, (_, n) => event(n + 3)),
    );
    expect(pages[0]?.items).toHaveLength(500);
    expect(pages[0]?.older).toBe(2_002);
  });
});

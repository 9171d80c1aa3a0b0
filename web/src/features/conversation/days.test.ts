import { expect, it } from "vitest";
import { byDay } from "./days";

const now = new Date(2026, 2, 30, 0, 30);

function at(id: string, time: Date, pinned = false) {
  return { id, pinned, updated_at: time.toISOString() };
}

function told(items: ReturnType<typeof at>[]) {
  return byDay(items, now).map((row) =>
    "item" in row ? row.item.id : row.label.kind === "month" ? row.label.start.toDateString() : row.label.kind,
  );
}

it("groups chats by the calendar day of the person, not by hours", () => {
  const items = [
    at("kept", new Date(2025, 0, 5), true),
    at("now", new Date(2026, 2, 30, 0, 29)),
    // An hour ago, and yesterday; the clocks went forward in between.
    at("evening", new Date(2026, 2, 29, 23, 45)),
    at("morning", new Date(2026, 2, 29, 0, 0)),
    at("saturday", new Date(2026, 2, 28, 23, 59)),
    at("a week", new Date(2026, 2, 23, 1)),
    at("more", new Date(2026, 2, 22, 23)),
    at("last year", new Date(2025, 11, 31, 23)),
  ];
  expect(told(items)).toEqual([
    "pinned",
    "kept",
    "today",
    "now",
    "yesterday",
    "evening",
    "morning",
    "week",
    "saturday",
    "a week",
    new Date(2026, 2, 1).toDateString(),
    "more",
    new Date(2025, 11, 1).toDateString(),
    "last year",
  ]);
});

it("counts a chat from the future, by a clock that is ahead, as today's", () => {
  expect(told([at("ahead", new Date(2026, 3, 2))])).toEqual(["today", "ahead"]);
});

it("labels nothing where there is nothing", () => {
  expect(told([])).toEqual([]);
});

/** The list of chats by day: pinned ones, then today's, yesterday's, those of the last week, and month by month. */

export type Label =
  | { kind: "pinned" | "today" | "yesterday" | "week" }
  /** The first day of a month. */
  | { kind: "month"; start: Date };

export type ListRow<Item> = { key: string; label: Label } | { key: string; item: Item };

const DAY = 24 * 60 * 60 * 1000;

function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}

function labelOf(time: Date, now: Date): Label {
  // Half a day more or less, where clocks were changed in between, rounds away.
  const days = Math.round((startOfDay(now).getTime() - startOfDay(time).getTime()) / DAY);
  if (days <= 0) {
    return { kind: "today" };
  }
  if (days === 1) {
    return { kind: "yesterday" };
  }
  return days <= 7 ? { kind: "week" } : { kind: "month", start: new Date(time.getFullYear(), time.getMonth(), 1) };
}

/** Chats with the labels that stand above them; the last changed ones come first. */
export function byDay<Item extends { id: string; pinned: boolean; updated_at: string }>(
  items: Item[],
  now: Date,
): ListRow<Item>[] {
  let last = "";
  return items.flatMap((item): ListRow<Item>[] => {
    const label: Label = item.pinned ? { kind: "pinned" } : labelOf(new Date(item.updated_at), now);
    const key = label.kind === "month" ? label.start.toISOString() : label.kind;
    const row = { key: item.id, item };
    if (key === last) {
      return [row];
    }
    last = key;
    return [{ key, label }, row];
  });
}

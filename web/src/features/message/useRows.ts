import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { Message } from "../../api/generated";

/** Nearer than this to the end, in pixels, the view follows what is written. */
const NEAR = 80;
/** What an unmeasured message is taken for, in pixels. */
const ESTIMATE = 120;
const GAP = 24;
const TOP = 16;
/** Clear of the gradient above the composer. */
const BOTTOM = 40;

/**
 * The messages in sight, at their places. A question that was just asked is scrolled to the top, and its answer grows
 * below it.
 */
export function useRows(box: RefObject<HTMLDivElement | null>, messages: Message[]) {
  const question = messages.findLast(({ role }) => role === "user")?.id;
  const hasBegun = messages.length > 0;
  const [known, setKnown] = useState(question);
  const [pinned, setPinned] = useState<string>();
  if (question !== known) {
    setKnown(question);
    setPinned(known === undefined ? undefined : question);
  }
  // eslint-disable-next-line react-hooks/incompatible-library -- it causes renders by itself
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => box.current,
    estimateSize: () => ESTIMATE,
    getItemKey: (index) => messages[index]?.id ?? index,
    overscan: 4,
    gap: GAP,
    paddingStart: TOP,
    paddingEnd: BOTTOM,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR,
  });

  useLayoutEffect(() => {
    if (hasBegun) {
      rows.scrollToEnd();
    }
  }, [hasBegun, rows]);

  const pinnedIndex = pinned === undefined ? -1 : messages.findIndex(({ id }) => id === pinned);
  useEffect(() => {
    if (pinned !== undefined) {
      rows.scrollToEnd();
    }
  }, [pinned, rows]);

  // From the pinned question on, the messages fill the view at least: its end is where the question is at the top.
  const items = rows.getVirtualItems();
  const last = items.at(-1);
  const first = items.find(({ index }) => index === pinnedIndex);
  const lastHeight =
    first !== undefined && last !== undefined && last.index === messages.length - 1
      ? Math.max(0, (rows.scrollRect?.height ?? 0) - TOP - BOTTOM - (last.start - first.start))
      : 0;
  const isAtEnd = items.length === 0 || rows.isAtEnd(NEAR);
  return { rows, items, lastHeight, isAtEnd };
}

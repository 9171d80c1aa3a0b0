import { afterEach, expect, it, vi } from "vitest";
import { enqueue } from "./queue";

afterEach(() => void vi.useRealTimers());

/** Lets a task take so many milliseconds. */
function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    // As long as it takes.
  }
}

it("runs what there is time for at once, and the rest in pieces and in order", async () => {
  const done: number[] = [];
  const cancel = [...Array(12).keys()].map((number) =>
    enqueue(() => {
      busy(5);
      done.push(number);
    }),
  );
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(6);
  cancel[10]?.();
  await vi.waitFor(() => expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11]));
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asked, connected, open, type Peer, peers } from "../test/peers";
import { Live } from "./socket";

describe("Live", () => {
  let live: Live;
  const refused = vi.fn();
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
    peers.length = 0;
    refused.mockClear();
    live = new Live({ url: "ws://x", token: () => Promise.resolve("token"), refused, open });
  });
  afterEach(() => {
    live.stop();
    vi.useRealTimers();
  });

  const subscribe = { type: "subscribe", conversation_id: "c", after: 7 };
  const refuse = (peer: Peer, status: number) => peer.tell({ type: "error", conversation_id: "c", data: { status } });

  it.each([1, 3])("asks again for what was refused %i times", async (times) => {
    const heard: string[] = [];
    live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push(frame.type));
    const peer = await connected(1);
    for (let n = 1; n <= times; n++) {
      refuse(peer, 503);
      await vi.advanceTimersByTimeAsync(500 * 2 ** (n - 1) - 100);
      expect(asked(peer), "not at once").toBe(n);
      await vi.advanceTimersByTimeAsync(1_000 * 2 ** (n - 1));
      expect(asked(peer)).toBe(n + 1);
    }
    expect(peer.said.at(-1)).toEqual(subscribe);
    peer.tell({ type: "stream.caught_up", id: "8-aa", conversation_id: "c" });
    peer.tell({ type: "message.posted", id: "9-aa", conversation_id: "c" });
    expect(heard.at(-1)).toBe("message.posted");
    // From here on the next refusal is the first one again.
    refuse(peer, 503);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(peer.said.at(-1)).toEqual({ ...subscribe, after: "9-aa" });
  });

  it.each([503, 500, 429, 409, 403, 400])(
    "asks ever more slowly for what is refused for ever with %i",
    async (status) => {
      live.subscribe({ conversation_id: "c" }, 7, () => undefined);
      const peer = await connected(1);
      let answered = 0;
      for (let second = 0; second < 600; second++) {
        // The connection itself is well.
        peer.tell({ type: "pong" });
        if (asked(peer) > answered) {
          answered = asked(peer);
          refuse(peer, status);
        }
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(answered).toBeGreaterThan(10);
      expect(answered).toBeLessThan(30);
      expect(peers).toHaveLength(1);
    },
  );

  it.each([404, 401])("does not ask again for what is refused with %i", async (status) => {
    const heard: unknown[] = [];
    live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push(frame.data.status));
    const peer = await connected(1);
    refuse(peer, status);
    for (let n = 0; n < 10; n++) {
      peer.tell({ type: "pong" });
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(asked(peer)).toBe(1);
    expect(heard).toEqual([status]);
    expect(refused).toHaveBeenCalledTimes(status === 401 ? 1 : 0);
  });

  it("asks again after any end of a stream but a lost right", async () => {
    for (const [reason, times] of [
      ["projection_behind", 2],
      ["parked", 2],
      ["database_unavailable", 2],
      ["not_found", 1],
      ["unauthorized", 1],
    ] as const) {
      const stop = live.subscribe({ conversation_id: "c" }, 7, () => undefined);
      const peer = await connected(peers.length === 0 ? 1 : peers.length);
      const before = asked(peer) - 1;
      peer.tell({ type: "stream.closed", conversation_id: "c", data: { reason } });
      await vi.advanceTimersByTimeAsync(1_100);
      expect(asked(peer) - before, reason).toBe(times);
      stop();
    }
  });

  it("waits for the end of a pause also when the page was read again", async () => {
    live.subscribe({ conversation_id: "c" }, 7, () => undefined);
    const peer = await connected(1);
    refuse(peer, 503);
    live.rewind({ conversation_id: "c" }, 5);
    expect(asked(peer)).toBe(1);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(peer.said.at(-1)).toEqual({ ...subscribe, after: 5 });
  });
});

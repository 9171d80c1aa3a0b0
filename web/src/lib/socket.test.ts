import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connected, open, peers } from "../test/peers";
import { PATIENCE, PING } from "./connection";
import { Live } from "./socket";

let token: string | undefined = "token";
const refused = vi.fn();

describe("Live", () => {
  let live: Live;
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
    peers.length = 0;
    token = "token";
    refused.mockClear();
    live = new Live({ url: "ws://x", token: () => Promise.resolve(token), refused, open });
  });
  afterEach(() => {
    live.stop();
    vi.useRealTimers();
  });

  it("says who it is, then what it follows, and goes on after the last durable frame", async () => {
    const heard: string[] = [];
    live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push(frame.type));
    const first = await connected(1);
    expect(first.said).toEqual([
      { type: "auth", token: "token" },
      { type: "subscribe", conversation_id: "c", after: 7 },
    ]);
    first.tell({ type: "message.posted", id: "8-aa", conversation_id: "c" });
    first.tell({ type: "response.delta", conversation_id: "c" });
    first.tell({ type: "message.posted", id: "9-bb", conversation_id: "other" });
    expect(heard).toEqual(["message.posted", "response.delta"]);
    first.close();
    const second = await connected(2);
    expect(second.said[1]).toEqual({ type: "subscribe", conversation_id: "c", after: "8-aa" });
  });

  it("comes back no more once nothing is followed", async () => {
    const stop = live.subscribe({ conversation_id: "c" }, 0, () => undefined);
    const first = await connected(1);
    stop();
    expect(first.said.at(-1)).toEqual({ type: "unsubscribe", conversation_id: "c" });
    first.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(peers).toHaveLength(1);
  });

  it("asks again while there is no token, and tells when one was refused", async () => {
    token = undefined;
    live.subscribe({ conversation_id: "c" }, 0, () => undefined);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(peers).toHaveLength(0);
    token = "late";
    const first = await connected(1);
    expect(first.said[0]).toEqual({ type: "auth", token: "late" });
    first.tell({ type: "error", data: { status: 401 } });
    expect(refused).toHaveBeenCalledOnce();
  });

  it("asks once for what several listen to, and goes on until the last of them has left", async () => {
    const heard: string[] = [];
    const listen = (name: string) => live.subscribe({ channel: "feed" }, undefined, () => heard.push(name));
    const first = listen("a");
    const peer = await connected(1);
    const second = listen("b");
    peer.tell({ type: "event", channel: "feed", id: "1-aa" });
    expect(heard).toEqual(["a", "b"]);
    first();
    peer.tell({ type: "event", channel: "feed", id: "2-aa" });
    expect(heard).toEqual(["a", "b", "b"]);
    second();
    expect(peer.said.slice(1)).toEqual([
      { type: "subscribe", channel: "feed" },
      { type: "unsubscribe", channel: "feed" },
    ]);
  });

  it("notices that nobody answers any more, and begins anew after what it heard last", async () => {
    const heard: string[] = [];
    live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push(frame.type));
    const first = await connected(1);
    first.tell({ type: "message.posted", id: "8-aa", conversation_id: "c" });
    await vi.advanceTimersByTimeAsync(PING);
    first.tell({ type: "pong" });
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(peers).toHaveLength(1);
    // From here on it is silent, as after sleep.
    await vi.advanceTimersByTimeAsync(PING + PATIENCE);
    const second = await connected(2);
    expect(second.said[1]).toEqual({ type: "subscribe", conversation_id: "c", after: "8-aa" });
    // What a dead connection says late is not heard.
    first.tell({ type: "message.posted", id: "8-aa", conversation_id: "c" });
    expect(heard).toEqual(["message.posted"]);
  });

  it("asks again for what the server has ended", async () => {
    live.subscribe({ channel: "feed" }, undefined, () => undefined);
    const peer = await connected(1);
    peer.tell({ type: "event", channel: "feed", id: "8-aa" });
    peer.tell({ type: "stream.closed", channel: "feed" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(peer.said.at(-1)).toEqual({ type: "subscribe", channel: "feed", after: "8-aa" });
    expect(peers).toHaveLength(1);
  });
});

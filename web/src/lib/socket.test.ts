import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PATIENCE, PING } from "./connection";
import { Live } from "./socket";
import type { Frame } from "./topic";

/** The other end of a connection. */
class Peer {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  said: Record<string, unknown>[] = [];

  send(text: string) {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.onclose?.();
  }
  tell(frame: Partial<Frame>) {
    this.onmessage?.({ data: JSON.stringify({ data: {}, ...frame }) });
  }
}

const peers: Peer[] = [];
let token: string | undefined = "token";
const refused = vi.fn();

function open(): WebSocket {
  const peer = new Peer();
  peers.push(peer);
  return peer as unknown as WebSocket;
}

async function connected(n: number): Promise<Peer> {
  await vi.waitFor(() => expect(peers).toHaveLength(n));
  const peer = peers[n - 1];
  peer?.onopen?.();
  peer?.tell({ type: "ready" });
  return peer as Peer;
}

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

  const subscribe = { type: "subscribe", conversation_id: "c", after: 7 };
  const asked = (peer: Peer) => peer.said.filter(({ type }) => type === "subscribe").length;
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

  describe("where WebSockets do not come through", () => {
    const streams: { url: string; say: (text: string) => void; end: () => void }[] = [];
    let answers: () => Response | undefined = () => undefined;

    beforeEach(() => {
      streams.length = 0;
      answers = () => undefined;
      vi.stubGlobal("fetch", (url: string, { signal }: RequestInit) => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            const say = (text: string) => controller.enqueue(new TextEncoder().encode(text));
            streams.push({ url, say, end: () => controller.close() });
            signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
          },
        });
        const headers = { "Content-Type": "text/event-stream" };
        return Promise.resolve(answers() ?? new Response(body, { headers }));
      });
    });
    afterEach(() => void vi.unstubAllGlobals());

    /** Lets every WebSocket fail as a proxy does: by closing it, or by silence. */
    async function block(times: number, how: "closes" | "is silent") {
      for (let n = peers.length + 1; n <= times; n++) {
        await vi.waitFor(() => expect(peers).toHaveLength(n), { timeout: 120_000 });
        if (how === "closes") {
          peers[n - 1]?.close();
        } else {
          await vi.advanceTimersByTimeAsync(PATIENCE);
        }
      }
    }

    it.each(["closes", "is silent"] as const)("hears by server-sent events when the proxy %s", async (how) => {
      const heard: unknown[] = [];
      live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push([frame.type, frame.data]));
      live.subscribe({ channel: "feed" }, undefined, (frame) => heard.push([frame.channel, frame.type]));
      await block(3, how);
      await vi.waitFor(() => expect(live.transport).toBe("events"));
      expect(streams.map(({ url }) => url)).toEqual(["/api/v1/conversations/c/stream?after=7", "/api/v1/feed"]);
      streams[0]?.say(': keep alive\n\nevent: message.posted\nid: 8-aa\ndata: {"te');
      streams[0]?.say('xt":"ü"}\n\n');
      await vi.waitFor(() => expect(heard).toEqual([["message.posted", { text: "ü" }]]));
      streams[1]?.say("event: stream.caught_up\nid: 8-aa\ndata: {}\n\n");
      await vi.waitFor(() => expect(heard.at(-1)).toEqual(["feed", "stream.caught_up"]));
      // Cut, it goes on after what it heard last.
      streams[0]?.end();
      await vi.waitFor(() => expect(streams).toHaveLength(3), { timeout: 10_000 });
      expect(streams[2]?.url).toBe("/api/v1/conversations/c/stream?after=8-aa");
    });

    it("goes back to a WebSocket once one comes through", async () => {
      live.subscribe({ conversation_id: "c" }, 7, () => undefined);
      await block(3, "closes");
      await vi.waitFor(() => expect(live.transport).toBe("events"));
      streams[0]?.say("event: message.posted\nid: 8-aa\ndata: {}\n\n");
      await vi.waitFor(() => expect(peers).toHaveLength(4), { timeout: 120_000 });
      const peer = await connected(4);
      expect(live.transport).toBe("websocket");
      expect(peer.said[1]).toEqual({ ...subscribe, after: "8-aa" });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(streams).toHaveLength(1);
    });

    it("takes what a proxy says there for no word of the server", async () => {
      const page = { status: 401, headers: { "Content-Type": "text/html" } };
      answers = () => new Response("<h1>Sign in</h1>", page);
      live.subscribe({ conversation_id: "c" }, 7, () => undefined);
      await block(3, "closes");
      await vi.waitFor(() => expect(streams.length).toBeGreaterThan(1), { timeout: 20_000 });
      expect(refused).not.toHaveBeenCalled();
      expect(live.transport).toBe("none");
    });
  });
});

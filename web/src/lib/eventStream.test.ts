import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connected, open, peers } from "../test/peers";
import { OPENING } from "./connection";
import { Live } from "./socket";

describe("Live, where WebSockets do not come through,", () => {
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
        await vi.advanceTimersByTimeAsync(OPENING);
      }
    }
  }

  it.each(["closes", "is silent"] as const)("hears by server-sent events when the proxy %s", async (how) => {
    const heard: unknown[] = [];
    live.subscribe({ conversation_id: "c" }, 7, (frame) => heard.push([frame.type, frame.data]));
    live.subscribe({ channel: "feed" }, undefined, (frame) => heard.push([frame.channel, frame.type]));
    await block(3, how);
    await vi.waitFor(() => expect(live.transport()).toBe("events"));
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
    await vi.waitFor(() => expect(live.transport()).toBe("events"));
    streams[0]?.say("event: message.posted\nid: 8-aa\ndata: {}\n\n");
    await vi.waitFor(() => expect(peers).toHaveLength(4), { timeout: 120_000 });
    const peer = await connected(4);
    expect(live.transport()).toBe("websocket");
    expect(peer.said[1]).toEqual({ type: "subscribe", conversation_id: "c", after: "8-aa" });
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
    expect(live.transport()).toBe("none");
  });
});

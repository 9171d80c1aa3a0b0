import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, type Frame, JobError, NetworkError, ProblemError } from "@convosphere/sdk";

import { BUSY, events, NOTHING, OPEN, problem, Server } from "./server.js";

const ID = "01934b9e-0000-7000-8000-000000000001";

function frame(type: string, data = "{}", id?: string | number) {
  return `event: ${type}\ndata: ${data}\n${id === undefined ? "" : `id: ${id}\n`}\n`;
}

function job(status: string, error: string | null = null) {
  return JSON.stringify({ id: ID, kind: "backup", status, error, progress: { done: 1, unit: "files" } });
}

async function collect(frames: AsyncIterable<Frame>) {
  const all: Frame[] = [];
  for await (const received of frames) {
    all.push(received);
  }
  return all;
}

test("a stream continues after the last frame", async (t) => {
  const first = frame("response.started", "{}", "5-0") + frame("response.delta", '{"text": "a"}', "5-0");
  const cut = `${frame("response.delta", '{"text": "b"}')}event: response.delta\ndata: {`;
  const last = frame("response.completed", "{}", "9-0") + frame("response.delta");
  const server = await Server.start(t, events(first), NOTHING, BUSY, events(cut), events(last));
  const frames = await collect(server.client().streamResponse(ID));
  const expected = [["started", "5-0"], ["delta", undefined], ["delta", undefined], ["completed", "9-0"]];
  assert.deepEqual(frames.map(({ type, id }) => [type.replace("response.", ""), id]), expected);
  assert.equal(frames.map((one) => (one.type === "response.delta" ? one.data.text : "")).join(""), "ab");
  const positions = server.requests.map(({ headers }) => headers["last-event-id"]);
  assert.deepEqual(positions, [undefined, "5-0", "5-0", "5-0", "5-0"]);
  assert.ok(server.requests.every(({ headers }) => headers["accept"] === "text/event-stream"));
});

test("a stream starts after a position", async (t) => {
  const server = await Server.start(t, events(frame("response.failed")));
  assert.equal((await collect(server.client().streamResponse(ID, { after: "7-1" }))).length, 1);
  assert.equal(server.requests[0]?.target, `/api/v1/responses/${ID}/stream?after=7-1`);
});

test("the next connection tells why a stream was closed", async (t) => {
  const closed = events(frame("event", "{}", 1) + frame("stream.closed", '{"reason": "access_lost"}'));
  const server = await Server.start(t, closed, problem("403 Forbidden"));
  const frames = server.client().streamFeed();
  assert.equal((await frames.next()).value?.id, "1");
  await assert.rejects(frames.next(), { status: 403 });
});

test("a stream that never connected fails", async (t) => {
  const server = await Server.start(t, problem("404 Not Found"));
  await assert.rejects(server.client().streamConversation(ID).next(), ProblemError);
  const unreachable = await Server.start(t, NOTHING, NOTHING);
  await assert.rejects(unreachable.client({ retries: 1 }).streamConversation(ID).next(), NetworkError);
});

for (const [patience, connections] of [[0, 2], [120_000, 4]] as const) {
  test(`a patience of ${patience} ms allows ${connections} connections`, async (t) => {
    const answers = [events(frame("event", "{}", 1)), BUSY, BUSY, problem("403 Forbidden")];
    const server = await Server.start(t, ...answers);
    const frames = server.client({ patience, retries: 0 }).streamFeed();
    await frames.next();
    await assert.rejects(frames.next(), ProblemError);
    assert.equal(server.requests.length, connections);
  });
}

test("pauses start again after a frame", async (t) => {
  const answers = [1, 2, 3, 4].map((id) => events(frame("event", "{}", id)));
  const server = await Server.start(t, ...answers, events(""), events(frame("event", "{}", 5)));
  const frames = server.client().streamFeed();
  for (const id of ["1", "2", "3", "4", "5"]) {
    assert.equal((await frames.next()).value?.id, id);
  }
  await frames.return();
  assert.ok(server.pauses.slice(0, 4).every((pause) => pause <= 500), String(server.pauses));
  const last = server.pauses[4] ?? 0;
  assert.ok(last >= 750 && last <= 1_000, String(server.pauses));
});

test("the caller can end a stream", async (t) => {
  const server = await Server.start(t, events(frame("event", "{}", 1)));
  const controller = new AbortController();
  const frames = server.client().streamFeed({ signal: controller.signal });
  await frames.next();
  controller.abort(new Error("enough"));
  await assert.rejects(frames.next(), /enough/);
});

test("a loop that is left, or aborted, closes the connection", async (t) => {
  const server = await Server.start(t, OPEN + events(frame("event", "{}", 1)));
  for await (const { id } of server.client().streamFeed()) {
    assert.equal(id, "1");
    break;
  }
  await server.closed;
  const other = await Server.start(t, OPEN + events(frame("event", "{}", 1)));
  const controller = new AbortController();
  const frames = other.client().streamFeed({ signal: controller.signal });
  await frames.next();
  const next = frames.next();
  controller.abort(new Error("enough"));
  await assert.rejects(next, /enough/);
  await other.closed;
});

test("a job is awaited", async (t) => {
  const progress = events(frame("job.progress", job("running")));
  const server = await Server.start(t, progress, events(frame("job.ended", job("completed"))));
  assert.equal((await server.client().waitForJob(ID)).status, "completed");
  for (const [status, error, text] of [["failed", "no space", "no space"], ["cancelled", null, "cancelled"]] as const) {
    const other = await Server.start(t, events(frame("job.ended", job(status, error))));
    await assert.rejects(other.client().waitForJob(ID), (raised) => {
      assert.ok(raised instanceof JobError);
      assert.deepEqual([raised.message, raised.job.status], [text, status]);
      return true;
    });
  }
});

test("frames do not depend on where chunks end", async () => {
  const text =
    ': comment\r\nevent: event\r\ndata: {"t":\r\ndata:"ä"}\r\nid: 1\r\n\r\ndata: 2\r\r\n\nid: 3\nevent: x\n\n' +
    "event: response.completed\ndata: 4\n\n";
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    );
    const send = () => Promise.resolve(new Response(ReadableStream.from(chunks)));
    const client = new Client("http://a", { fetch: send });
    const frames = await collect(client.streamResponse(ID));
    const expected = [["event", "1", { t: "ä" }], ["message", undefined, 2], ["response.completed", undefined, 4]];
    assert.deepEqual(frames.map(({ type, id, data }) => [type, id, data]), expected, `chunks of ${size} bytes`);
  }
});

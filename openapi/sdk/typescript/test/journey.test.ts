/** The scenario of all SDKs (openapi/sdk/README.md), with a server that restarts while it answers. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createClient, type Frame, stream } from "../src/index.js";

const MODEL = "typescript/echo-400-10";
const url = variable("CONVOSPHERE_URL");
const token = variable("CONVOSPHERE_TOKEN");
const client = createClient(url, token);

function variable(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run scripts/test-sdks`);
  return value;
}

/** The data of a successful call. */
async function data<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<NonNullable<T>> {
  const { data, error } = await call;
  assert.ok(data, JSON.stringify(error));
  return data;
}

/** All items of a list. */
async function items<T>(read: (cursor?: string) => Promise<{ items: T[]; next_cursor?: string | null }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

test("journey", async () => {
  const me = await data(client.GET("/api/v1/users/me"));
  assert.equal(me.role, "admin"); // 1
  await connectProvider();
  const unknown = { params: { path: { id: randomUUID() } } };
  const missing = await client.GET("/api/v1/conversations/{id}", unknown);
  assert.deepEqual([missing.response.status, missing.error?.code], [404, "not_found"]); // 6
  await exchangeFiles();
  const conversation = await createConversations(await changeAssistant());
  await postMessages(conversation);
  await followAnswer(conversation);
  const path = { params: { path: { id: conversation } } };
  await client.DELETE("/api/v1/conversations/{id}", path);
  const trashed = await items((cursor) =>
    data(client.GET("/api/v1/conversations", { params: { query: { trashed: true, ...(cursor && { cursor }) } } })),
  );
  assert.ok(trashed.some(({ id }) => id === conversation));
  const restored = await data(client.POST("/api/v1/conversations/{id}/restore", path));
  assert.equal(restored.trashed, false); // 20
});

async function connectProvider() {
  const create = (name: string) =>
    client.POST("/api/v1/providers", {
      body: {
        name,
        kind: "openai_compatible",
        base_url: variable("CONVOSPHERE_PROVIDER_URL"),
        api_key: variable("CONVOSPHERE_PROVIDER_KEY"),
      },
    });
  const created = await create("typescript");
  assert.equal(created.data?.health, "ok");
  assert.equal(created.response.headers.get("Location"), `/api/v1/providers/${created.data.id}`); // 2
  const models = await data(client.GET("/api/v1/models"));
  assert.ok(models.items.some(({ id }) => id === MODEL)); // 3
  assert.equal((await create("typescript")).error?.status, 409); // 4
  const invalid = await create("Not a name");
  assert.deepEqual([invalid.error?.status, invalid.error?.errors[0]?.pointer], [422, "/name"]); // 5
}

async function exchangeFiles() {
  const contents = "What the TypeScript SDK uploads.";
  const upload = () => {
    const form = new FormData();
    form.append("file", new Blob([contents]), "notes.txt");
    return data(client.POST("/api/v1/files", { body: { file: "" }, bodySerializer: () => form }));
  };
  const file = await upload();
  assert.equal(file.name, "notes.txt"); // 7
  assert.equal((await upload()).id, file.id); // 8
  const path = { params: { path: { id: file.id } } };
  const text = await data(client.GET("/api/v1/files/{id}/content", { ...path, parseAs: "text" }));
  assert.equal(text, contents); // 9
}

async function changeAssistant(): Promise<string> {
  const created = await client.POST("/api/v1/assistants", { body: { name: "Counter", model: MODEL } }); // 10
  assert.ok(created.data);
  const { id } = created.data;
  const etag = created.response.headers.get("ETag") ?? "";
  const change = () =>
    client.PATCH("/api/v1/assistants/{id}", {
      params: { path: { id }, header: { "If-Match": etag } },
      body: { instructions: "Count." },
    });
  assert.equal((await change()).data?.instructions, "Count."); // 11
  assert.equal((await change()).response.status, 412); // 12
  return id;
}

async function createConversations(assistant: string): Promise<string> {
  const create = (key: string) =>
    data(
      client.POST("/api/v1/conversations", {
        params: { header: { "Idempotency-Key": key } },
        body: { assistant_id: assistant },
      }),
    );
  const key = randomUUID();
  const first = await create(key);
  assert.equal((await create(key)).id, first.id); // 13
  const second = await create(randomUUID());
  const all = await items((cursor) =>
    data(client.GET("/api/v1/conversations", { params: { query: { limit: 1, ...(cursor && { cursor }) } } })),
  );
  const ids = new Set(all.map(({ id }) => id));
  assert.ok(ids.has(first.id) && ids.has(second.id)); // 14
  return first.id;
}

async function postMessages(conversation: string) {
  const path = { id: conversation };
  for (const number of [1, 2, 3]) {
    const body = { content: `Note ${number}`, respond: false };
    await data(client.POST("/api/v1/conversations/{id}/messages", { params: { path }, body }));
  }
  const messages = await items((cursor) => {
    const query = { limit: 2, ...(cursor && { cursor }) };
    return data(client.GET("/api/v1/conversations/{id}/messages", { params: { path, query } }));
  });
  const contents = messages.map(({ content }) => content);
  assert.deepEqual(contents, ["Note 3", "Note 2", "Note 1"]); // 15
}

async function followAnswer(conversation: string) {
  const question = { params: { path: { id: conversation } }, body: { content: "Count." } };
  const exchange = await data(client.POST("/api/v1/conversations/{id}/messages", question)); // 16
  assert.ok(exchange.response);
  const frames: Frame[] = [];
  let text = "";
  let restarted = false;
  for await (const frame of stream(url, token, `/api/v1/responses/${exchange.response.id}/stream`)) {
    frames.push(frame);
    if (frame.type === "response.delta") {
      text += String(frame.data["text"]);
    } else if (frame.type === "response.snapshot") {
      text = String(frame.data["text"]);
    }
    if (text.length > 100 && !restarted) {
      restarted = true;
      process.kill(Number(readFileSync(variable("CONVOSPHERE_PID_FILE"), "utf8")), "SIGTERM");
    }
  }
  assert.ok(restarted);
  const last = frames.at(-1);
  assert.ok(last && ["response.completed", "response.interrupted"].includes(last.type)); // 17
  // The end of the catch-up carries the id of the last event before it.
  const durable = frames.filter(({ id, type }) => id !== undefined && type !== "stream.caught_up");
  const positions = durable.map(({ id }) => Number(id?.split("-")[0]));
  assert.deepEqual(positions, [...new Set(positions)].sort((a, b) => a - b));
  const message = last.data["message"] as { id: string; content: string };
  assert.ok(text.startsWith("t0 t1 ") && message.content.startsWith(text), text); // 18
  const stored = await data(client.GET("/api/v1/messages/{id}", { params: { path: { id: message.id } } }));
  assert.equal(stored.content, message.content);
  const feed = await items(async (cursor) => {
    const query = { limit: 100, ...(cursor && { cursor }) };
    const page = await data(client.GET("/api/v1/feed", { params: { query } }));
    assert.ok("items" in page);
    return page;
  });
  const posted = feed.filter(({ event_type }) => event_type === "message_posted");
  const ids = posted.map(({ payload }) => (payload as { message_id: string }).message_id);
  assert.equal(ids.filter((id) => id === exchange.message.id).length, 1); // 19
}

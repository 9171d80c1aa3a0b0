/** The scenario of all SDKs (openapi/sdk/README.md), with a server that restarts while it answers. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Client, type Frame, ProblemError, type Run } from "@convosphere/sdk";

const MODEL = "typescript/echo-400-10";
const URL = process.env["CONVOSPHERE_URL"];
const skip = URL === undefined && "needs a server: scripts/test-sdks runs it";
const client = new Client(URL ?? "http://127.0.0.1", { email: "ada@example.org", password: "correct horse" });

function variable(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run scripts/test-sdks`);
  return value;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

test("journey", { skip }, async () => {
  assert.equal((await client.getMe()).role, "admin"); // 1
  await connectProvider();
  await client.updateSettings({ default_model: MODEL });
  await assert.rejects(client.getConversation(randomUUID()), { status: 404, code: "not_found" }); // 6
  await exchangeFiles();
  const conversation = await createConversations(await changeAssistant());
  await postMessages(conversation);
  await followAnswer(conversation);
  await client.trashConversation(conversation);
  const trashed = await collect(client.listConversations({ trashed: true }).items());
  assert.ok(trashed.some(({ id }) => id === conversation));
  assert.equal((await client.restoreConversation(conversation)).trashed, false); // 20
  runReadme();
});

async function connectProvider() {
  const provider = (name: string) => ({
    name,
    kind: "openai_compatible" as const,
    base_url: variable("CONVOSPHERE_PROVIDER_URL"),
    api_key: variable("CONVOSPHERE_PROVIDER_KEY"),
  });
  const created = await client.createProvider(provider("typescript")).reply();
  assert.equal(created.value.health, "ok");
  assert.equal(created.location, `/api/v1/providers/${created.value.id}`); // 2
  assert.ok((await client.listModels()).items.some(({ id }) => id === MODEL)); // 3
  await assert.rejects(client.createProvider(provider("typescript")), { status: 409 }); // 4
  const invalid = await client.createProvider(provider("Not a name")).catch((error: unknown) => error);
  assert.ok(invalid instanceof ProblemError && invalid.status === 422 && invalid.field("/name")); // 5
}

async function exchangeFiles() {
  const contents = "What the TypeScript SDK uploads.";
  const file = await client.uploadFile({ name: "notes.txt", contents });
  assert.equal(file.name, "notes.txt"); // 7
  assert.equal((await client.uploadFile({ name: "notes.txt", contents })).id, file.id); // 8
  assert.equal(await (await client.getFileContent(file.id)).text(), contents); // 9
}

async function changeAssistant(): Promise<string> {
  const { value, etag } = await client.createAssistant({ name: "Counter", model: MODEL }).reply(); // 10
  const change = () => client.updateAssistant(value.id, { instructions: "Count." }, { ifMatch: etag });
  assert.equal((await change()).instructions, "Count."); // 11
  await assert.rejects(change(), { status: 412 }); // 12
  return value.id;
}

async function createConversations(assistant_id: string): Promise<string> {
  const idempotencyKey = randomUUID();
  const first = await client.createConversation({ assistant_id }, { idempotencyKey });
  assert.equal((await client.createConversation({ assistant_id }, { idempotencyKey })).id, first.id); // 13
  const second = await client.createConversation({ assistant_id });
  const ids = new Set((await collect(client.listConversations({ limit: 1 }).items())).map(({ id }) => id));
  assert.ok(ids.has(first.id) && ids.has(second.id)); // 14
  return first.id;
}

async function postMessages(conversation: string) {
  for (const number of [1, 2, 3]) {
    await client.postMessage(conversation, { content: `Note ${number}`, respond: false });
  }
  const messages = await collect(client.listMessages(conversation, { limit: 2 }).items());
  assert.deepEqual(messages.map(({ content }) => content), ["Note 3", "Note 2", "Note 1"]); // 15
}

async function followAnswer(conversation: string) {
  const exchange = await client.postMessage(conversation, { content: "Count." }); // 16
  assert.ok(exchange.response);
  const frames: Frame[] = [];
  let text = "";
  let restarted = false;
  for await (const frame of client.streamResponse(exchange.response.id)) {
    frames.push(frame);
    if (frame.type === "response.delta") {
      text += frame.data.text;
    } else if (frame.type === "response.snapshot") {
      text = frame.data.text;
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
  const { message } = last.data as Run;
  assert.ok(text.startsWith("t0 t1 ") && message.content.startsWith(text), text); // 18
  assert.equal((await client.getMessage(message.id)).content, message.content);
  const feed = await collect(client.getFeed({ limit: 100 }).items());
  const posted = feed.filter(({ event_type }) => event_type === "message_posted");
  const ids = posted.map(({ payload }) => (payload as { message_id: string }).message_id);
  assert.equal(ids.filter((id) => id === exchange.message.id).length, 1); // 19
}

/** Runs the first example of the README, which asks a question, as a program of its own. */
function runReadme() {
  const readme = readFileSync("node_modules/@convosphere/sdk/README.md", "utf8");
  const program = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const { status, stdout, stderr } = spawnSync("node", ["--input-type=module", "--eval", program], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /t0 t1 /);
}

/** A conversation through the SDK, with a server that runs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createClient, type Frame, stream } from "../src/index.js";

const url = process.env["CONVOSPHERE_URL"] ?? "";
const token = process.env["CONVOSPHERE_TOKEN"] ?? "";

test("a question is answered over the stream", async () => {
  const client = createClient(url, token);
  const conversation = await client.POST("/api/v1/conversations", { body: {} });
  assert.ok(conversation.data);
  const exchange = await client.POST("/api/v1/conversations/{id}/messages", {
    params: { path: { id: conversation.data.id } },
    body: { content: "Where does my data lie?" },
  });
  assert.ok(exchange.data?.response);
  const frames: Frame[] = [];
  for await (const frame of stream(url, token, `/api/v1/responses/${exchange.data.response.id}/stream`)) {
    frames.push(frame);
  }
  const last = frames.at(-1);
  assert.equal(last?.type, "response.completed");
  const message = last.data["message"] as { content: string };
  assert.match(message.content, /All data lies in one folder/);
  // The end of the catch-up carries the id of the last event before it.
  const durable = frames.filter((frame) => frame.id !== undefined && frame.type !== "stream.caught_up");
  const ids = durable.map((frame) => frame.id);
  assert.equal(new Set(ids).size, ids.length);
});

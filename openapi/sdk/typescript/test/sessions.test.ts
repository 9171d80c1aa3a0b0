import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, NetworkError, ProblemError } from "@convosphere/sdk";

import { BUSY, NOTHING, ok, problem, response, Server, user } from "./server.js";

const LOGIN = { email: "ada@example.org", password: "correct horse" };
const REJECTED = problem("401 Unauthorized");

function tokens(name: string, lifetime = 900) {
  const pair = { access_token: name, refresh_token: `refresh-${name}`, token_type: "Bearer", expires_in: lifetime };
  return ok({ ...pair, user: user() });
}

/** The operation and the token of each request. */
function calls(server: Server) {
  return server.requests.map(({ target, headers }) => [target.split("/").at(-1), headers["authorization"]]);
}

test("a token is obtained once", async (t) => {
  const server = await Server.start(t, tokens("a"), ok(user()), ok(user()));
  const client = server.client(LOGIN);
  await client.getMe();
  await client.getMe();
  assert.deepEqual(calls(server), [["login", undefined], ["me", "Bearer a"], ["me", "Bearer a"]]);
  assert.deepEqual(JSON.parse(server.requests[0]?.body ?? ""), LOGIN);
});

test("a token is renewed before it expires", async (t) => {
  const server = await Server.start(t, tokens("a", 20), ok(user()), tokens("b"), ok(user()));
  const client = server.client(LOGIN);
  await client.getMe();
  await client.getMe();
  assert.deepEqual(calls(server).slice(2), [["refresh", undefined], ["me", "Bearer b"]]);
  assert.equal(server.requests[2]?.body, '{"refresh_token":"refresh-a"}');
});

test("a rejected token is replaced once", async (t) => {
  const server = await Server.start(t, tokens("a"), REJECTED, tokens("b"), ok(user()));
  await server.client(LOGIN).getMe();
  assert.deepEqual(calls(server).slice(1), [["me", "Bearer a"], ["refresh", undefined], ["me", "Bearer b"]]);
  const other = await Server.start(t, tokens("a"), REJECTED, tokens("b"), REJECTED);
  await assert.rejects(other.client(LOGIN).getMe(), ProblemError);
  assert.equal(other.requests.length, 4);
});

test("an ended session starts again", async (t) => {
  const server = await Server.start(t, tokens("a"), REJECTED, REJECTED, tokens("c"), ok(user()));
  await server.client(LOGIN).getMe();
  assert.deepEqual(calls(server).slice(2), [["refresh", undefined], ["login", undefined], ["me", "Bearer c"]]);
});

test("a write keeps its key when its token is replaced", async (t) => {
  const server = await Server.start(t, tokens("a"), REJECTED, tokens("b"), response("204 No Content"));
  await server.client(LOGIN).deleteGroup(user().id);
  const keys = [1, 3].map((number) => server.requests[number]?.headers["idempotency-key"]);
  assert.ok(keys[0]);
  assert.equal(keys[0], keys[1]);
});

for (const settings of [LOGIN, { token: "secret" }]) {
  test(`a refused ${"token" in settings ? "token" : "password"} is a problem`, async (t) => {
    const server = await Server.start(t, REJECTED);
    await assert.rejects(server.client(settings).getMe(), { status: 401 });
    assert.equal(server.requests.length, 1);
  });
}

test("a login is repeated only if it was not executed", async (t) => {
  const server = await Server.start(t, NOTHING, tokens("a"));
  await assert.rejects(server.client(LOGIN).getMe(), NetworkError);
  assert.deepEqual(calls(server), [["login", undefined]]);
  const busy = await Server.start(t, BUSY, tokens("a"), ok(user()));
  await busy.client(LOGIN).getMe();
  assert.deepEqual(calls(busy).map(([operation]) => operation), ["login", "login", "me"]);
});

test("concurrent requests share a token", async (t) => {
  const server = await Server.start(t, tokens("a"), ...Array<string>(8).fill(ok(user())));
  const client = server.client(LOGIN);
  await Promise.all(Array.from({ length: 8 }, () => client.getMe().reply()));
  assert.deepEqual(calls(server), [["login", undefined], ...Array<unknown>(8).fill(["me", "Bearer a"])]);
});

test("a client has one kind of credentials", () => {
  for (const settings of [{ email: "a" }, { password: "a" }, { token: "a", ...LOGIN }]) {
    assert.throws(() => new Client("http://a", settings), TypeError);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { Client, NetworkError, ProblemError } from "@convosphere/sdk";

import { BUSY, NOTHING, ok, problem, response, Server, user } from "./server.js";

const ID = "01934b9e-0000-7000-8000-000000000001";
const GROUP = { ...user(), name: "A", description: "", members: 1, member: true, updated_at: "2026-11-30T09:41:00Z" };

function page(names: string[], cursor: string | null) {
  return ok({ items: names.map((name) => ({ ...GROUP, name })), next_cursor: cursor });
}

/** The problem with which a request fails. */
async function problemOf(request: PromiseLike<unknown>): Promise<ProblemError> {
  const error = await Promise.resolve(request).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof ProblemError, inspect(error));
  return error;
}

test("a write is repeated with its key", async (t) => {
  const headers = { ETag: '"1"', Location: "/api/v1/groups/1", "ConvoSphere-Position": 7, "X-Request-Id": "r9" };
  const server = await Server.start(t, NOTHING, BUSY, response("201 Created", JSON.stringify(GROUP), headers));
  const reply = await server.client().createGroup({ name: "A" }).reply();
  assert.equal(reply.value.name, "A");
  assert.deepEqual([reply.etag, reply.location], ['"1"', "/api/v1/groups/1"]);
  assert.deepEqual([reply.position, reply.requestId], [7, "r9"]);
  assert.deepEqual(server.requests.map(({ headers }) => headers["authorization"]), Array(3).fill("Bearer secret"));
  const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
  assert.ok(keys[0] && keys.length === 3 && new Set(keys).size === 1, String(keys));
  assert.equal(server.requests[2]?.body, '{"name":"A"}');
  assert.equal(server.pauses[1], 0);
});

test("every write has a key of its own unless the caller has one", async (t) => {
  const server = await Server.start(t, ok(GROUP), ok(GROUP), ok(GROUP));
  const client = server.client();
  await client.createGroup({ name: "A" });
  await client.createGroup({ name: "A" });
  await client.createGroup({ name: "A" }, { idempotencyKey: "mine" });
  const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
  assert.equal(new Set(keys).size, 3);
  assert.equal(keys[2], "mine");
});

test("a request is sent once, when it is awaited", async (t) => {
  const server = await Server.start(t, ok(user()), ok(user("Sue")));
  const request = server.client().getMe();
  assert.equal(server.requests.length, 0);
  assert.equal((await request).display_name, "Ada");
  assert.equal((await request.reply()).value.display_name, "Ada");
  assert.equal(await server.client().getMe().then(({ display_name }) => display_name), "Sue");
});

for (const status of [429, 502, 503, 504]) {
  test(`the status ${status} is repeated`, async (t) => {
    const server = await Server.start(t, problem(`${status} A`, { "Retry-After": 0 }), ok(user()));
    assert.equal((await server.client().getMe()).display_name, "Ada");
  });
}

for (const status of [400, 401, 404, 409, 412, 422, 500]) {
  test(`the status ${status} is not repeated`, async (t) => {
    const server = await Server.start(t, problem(`${status} A`), ok(user()));
    assert.equal((await problemOf(server.client().getMe())).status, status);
    assert.equal(server.requests.length, 1);
  });
}

for (const retries of [0, 1, 3]) {
  test(`the caller gets the last failure after ${retries} retries`, async (t) => {
    const server = await Server.start(t, ...[502, 503, 504, 503, 502].map((status) => problem(`${status} A`)));
    const error = await problemOf(server.client({ retries }).getMe());
    assert.equal(server.requests.length, retries + 1);
    assert.equal(error.status, [502, 503, 504, 503][retries]);
  });
}

test("the caller decides about a long pause", async (t) => {
  const server = await Server.start(t, problem("429 Too Many Requests", { "Retry-After": 3600 }));
  assert.equal((await problemOf(server.client().getMe())).retryAfter, 3600);
  assert.equal(server.requests.length, 1);
});

test("a request without a key is repeated only if it was not executed", async (t) => {
  const login = { email: "ada@example.org", password: "correct horse" };
  for (const answer of [NOTHING, problem("502 A"), problem("504 A")]) {
    const server = await Server.start(t, answer, ok({}));
    await assert.rejects(server.client().login(login));
    assert.equal(server.requests.length, 1);
  }
  for (const answer of [BUSY, problem("429 A", { "Retry-After": 0 })]) {
    const server = await Server.start(t, answer, ok({}));
    await server.client().login(login);
    assert.equal(server.requests.length, 2);
  }
  const server = await Server.start(t);
  await server.stop();
  await assert.rejects(server.client({ retries: 2 }).login(login), NetworkError);
  assert.equal(server.pauses.length, 2);
});

test("pauses double up to a limit and are not all alike", async (t) => {
  const server = await Server.start(t, ...Array<string>(8).fill(NOTHING));
  await assert.rejects(server.client({ retries: 7 }).getMe(), NetworkError);
  const limits = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
  assert.equal(server.pauses.length, limits.length);
  server.pauses.forEach((pause, attempt) => {
    const limit = limits[attempt] ?? 0;
    assert.ok(pause >= limit * 0.75 && pause <= limit, String(server.pauses));
  });
  assert.ok(new Set(server.pauses.slice(4)).size > 1);
});

test("a response that is cut off or too late is a network error", async (t) => {
  const server = await Server.start(t, ok(user()).slice(0, -5), ok(user("Sue")));
  assert.equal((await server.client().getMe()).display_name, "Sue");
  const never: typeof fetch = (_, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)));
  const late = new Client(server.url, { fetch: never, timeout: 5, retries: 0 });
  await assert.rejects(late.getMe(), /no response within 5 ms/);
  await assert.rejects(late.getMe({ timeout: 7 }), /no response within 7 ms/);
});

test("the caller can abort a request, which is not repeated", async (t) => {
  const server = await Server.start(t, ok(user()));
  const reason = new Error("not needed any more");
  await assert.rejects(server.client().getMe({ signal: AbortSignal.abort(reason) }).reply(), reason);
  assert.equal(server.requests.length, 0);
});

test("a problem names its fields", async (t) => {
  const server = await Server.start(t, problem("422 Unprocessable Entity"));
  const error = await problemOf(server.client().createGroup({ name: "A" }));
  assert.deepEqual([error.status, error.code, error.requestId], [422, "invalid", "r1"]);
  assert.equal(error.message, "the name is too long");
  assert.equal(error.field("/name")?.code, "too_long");
  assert.equal(error.field("/other"), undefined);
});

for (const body of ["<html>", "", "[]", "null", '{"status": 502}']) {
  test(`the page ${body} of a proxy becomes a problem`, async (t) => {
    const server = await Server.start(t, response("502 Bad Gateway", body));
    const error = await problemOf(server.client({ retries: 0 }).getMe());
    assert.deepEqual([error.status, error.code], [502, "unknown"]);
  });
}

test("a page is requested when its items are needed", async (t) => {
  const server = await Server.start(t, page(["a", "b"], "c 1"), page([], "c2"), page(["c"], null));
  const items = server.client().listGroups({ limit: 2 }).items();
  assert.equal(server.requests.length, 0);
  const first = [await items.next(), await items.next()];
  assert.deepEqual(first.map(({ value }) => value?.name), ["a", "b"]);
  assert.equal(server.requests.length, 1);
  const rest: string[] = [];
  for await (const group of items) {
    rest.push(group.name);
  }
  assert.deepEqual(rest, ["c"]);
  const path = "/api/v1/groups?limit=2";
  assert.deepEqual(server.requests.map(({ target }) => target), [path, `${path}&cursor=c+1`, `${path}&cursor=c2`]);
});

test("parts of a query and a path are escaped and never change the path", async (t) => {
  const server = await Server.start(t, page([], null), problem("404 Not Found"));
  const client = server.client();
  await client.listConversations({ q: "ä&b", archived: true, pinned: false });
  await assert.rejects(client.listParked("a/b c").reply());
  for (const name of ["", ".", ".."]) {
    await assert.rejects(client.listParked(name).reply(), TypeError);
  }
  const expected = [
    "/api/v1/conversations?q=%C3%A4%26b&archived=true&pinned=false",
    "/api/v1/projections/a%2Fb%20c/parked",
  ];
  assert.deepEqual(server.requests.map(({ target }) => target), expected);
});

test("a header is UTF-8 without line breaks", async (t) => {
  const server = await Server.start(t, response("204 No Content"));
  const deleted = await server.client().deleteGroup(ID, { reason: "für Ada", ifMatch: '"3"' });
  assert.equal(deleted, undefined);
  await assert.rejects(server.client().deleteGroup(ID, { reason: "a\r\nb" }).reply(), TypeError);
  const headers = server.requests[0]?.headers;
  assert.deepEqual([headers?.["convosphere-reason"], headers?.["if-match"]], ["für Ada", '"3"']);
});

test("a base URL must be the URL of a server", async (t) => {
  for (const url of ["chat.example.org", "ftp://a", "http://", ""]) {
    assert.throws(() => new Client(url), TypeError);
  }
  const server = await Server.start(t, ok(user()));
  server.url += "/proxied/";
  await server.client().getMe();
  assert.equal(server.requests[0]?.target, "/proxied/api/v1/users/me");
});

test("secrets are hidden", () => {
  const client = new Client("http://a", { email: "ada@example.org", password: "correct horse" });
  assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }), /correct horse/);
});

test("a file is sent again", async (t) => {
  for (const contents of ["abc", new Blob(["abc"]), new TextEncoder().encode("abc")]) {
    const server = await Server.start(t, NOTHING, ok({ name: "n" }));
    assert.equal((await server.client().uploadFile({ name: "n.txt", contents })).name, "n");
    assert.equal(server.requests.length, 2);
    for (const { body } of server.requests) {
      assert.match(body, /name="file"; filename="n.txt"/);
      assert.match(body, /\r\n\r\nabc\r\n--/);
    }
  }
});

test("a download is a response", async (t) => {
  const server = await Server.start(t, BUSY, ok("abc"), problem("404 Not Found"));
  const download = await server.client().getFileContent(ID, { range: "bytes=0-2" });
  assert.equal(await download.text(), "abc");
  assert.equal(server.requests[1]?.headers["range"], "bytes=0-2");
  assert.equal((await problemOf(server.client().getFileContent(ID))).status, 404);
});

import { HttpResponse } from "msw";
import { beforeEach, expect, it, vi } from "vitest";

import { generatedApi } from "../api/generated";
import { keep, onForgotten, renew } from "../api/session";
import { answer, asked, refuse, respond } from "../test/contract";
import { makeStore } from "./store";

const USER = { id: "u", version: 1, role: "user" as const, display_name: "Ada", email: "ada@example.org" };
const PAIR = {
  access_token: "a",
  expires_in: 900,
  token_type: "Bearer",
  user: { ...USER, suspended: false, created_at: "2026-01-01T00:00:00Z" },
};
const html = (status: number) => () =>
  new HttpResponse("<h1>Sign in</h1>", { status, headers: { "Content-Type": "text/html" } });

let store: ReturnType<typeof makeStore>;
const forgotten = vi.fn();

beforeEach(() => {
  store = makeStore();
  forgotten.mockClear();
  keep(PAIR);
  return onForgotten(forgotten);
});

const post = (content: string) =>
  store.dispatch(generatedApi.endpoints.postMessage.initiate({ id: "c", postMessage: { content } }));
const keys = () => asked.map(({ key }) => key);

it("sends a change once more with the same key when no answer came", async () => {
  let tries = 0;
  respond("postMessage", () => (++tries === 1 ? HttpResponse.error() : HttpResponse.json({})));
  const { error } = await post("Hello");
  expect(error).toBeUndefined();
  expect(keys()).toHaveLength(2);
  expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys()[1]).toBe(keys()[0]);
});

it.each([
  ["a lost network", () => HttpResponse.error()],
  ["a proxy without a server", html(504)],
])("keeps the key for the next try of the person after %s", async (_what, lost) => {
  respond("postMessage", lost);
  expect((await post("Hello")).error).toBeDefined();
  answer("postMessage", {} as never);
  await post("Hello");
  await post("Another");
  await post("Hello");
  const [first, ...rest] = [...new Set(keys())];
  expect(first).toBeDefined();
  // The try that followed was the same one; the other message is another one, and so is the same text said later.
  expect(rest).toHaveLength(2);
});

it("takes a new key after a refusal, and asks nothing twice", async () => {
  refuse("postMessage", { status: 409, code: "archived", detail: "x" });
  await post("Hello");
  await post("Hello");
  expect(keys()).toHaveLength(2);
  expect(new Set(keys()).size).toBe(2);
});

it.each([401, 403, 200, 502])(
  "does not take the page of a proxy with status %i for the end of the session",
  async (status) => {
    respond("getMe", html(status));
    respond("refresh", html(status));
    const { error } = await store.dispatch(generatedApi.endpoints.getMe.initiate());
    expect(error).toBeDefined();
    await expect(renew()).rejects.toThrow();
    expect(forgotten).not.toHaveBeenCalled();
  },
);

it("keeps the session while the server cannot be asked about it", async () => {
  refuse("getMe", { status: 401, code: "unauthorized", detail: "x" });
  respond("refresh", () => HttpResponse.error());
  await store.dispatch(generatedApi.endpoints.getMe.initiate());
  expect(forgotten).not.toHaveBeenCalled();
  refuse("refresh", { status: 401, code: "unauthorized", detail: "x" });
  await store.dispatch(generatedApi.endpoints.getMe.initiate(undefined, { forceRefetch: true }));
  expect(forgotten).toHaveBeenCalledExactlyOnceWith("ended");
});

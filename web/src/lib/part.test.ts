import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { part } from "./part";

const reload = vi.fn();
let served = true;

beforeEach(() => {
  served = true;
  reload.mockClear();
  sessionStorage.clear();
  vi.stubGlobal("location", { reload, origin: "http://localhost", href: "http://localhost/" });
  vi.stubGlobal("fetch", () => (served ? Promise.resolve(new Response("")) : Promise.reject(new Error("away"))));
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.stubGlobal("CSS", { escape: String });
});

const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

it("loads the page again once where the server has another part by now, and says so after that", async () => {
  void part("Room", missing)();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  // The fresh page finds nothing either: no loop.
  await expect(part("Room", missing)()).rejects.toThrow("Room");
  expect(reload).toHaveBeenCalledOnce();
});

it("reloads for each part on its own, whatever else was loaded meanwhile", async () => {
  void part("Room", missing)();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  await part("Other", () => Promise.resolve("there"))();
  await expect(part("Room", missing)()).rejects.toThrow("Room");
  expect(reload).toHaveBeenCalledOnce();
});

it("waits for a network that is away, and keeps the page", async () => {
  served = false;
  const load = vi.fn<() => Promise<string>>(missing);
  const loading = part("Room", load)();
  await vi.waitFor(() => expect(load.mock.calls.length).toBeGreaterThan(2), { timeout: 20_000 });
  expect(reload).not.toHaveBeenCalled();
  load.mockImplementation(() => Promise.resolve("there"));
  await expect(loading).resolves.toBe("there");
});

it("never reloads where it cannot be noted that it did", async () => {
  vi.stubGlobal("sessionStorage", undefined);
  await expect(part("Room", missing)()).rejects.toThrow("Room");
  expect(reload).not.toHaveBeenCalled();
});

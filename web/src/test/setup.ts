/** Each test begins with a clean page, in English, and a server that answers nothing yet. */
import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { forget } from "../api/session";
import { speak } from "../lib/i18n";
import { clearToasts } from "../ui/Toast";
import { asked, server } from "./contract";

// What every browser has and jsdom has not.
vi.stubGlobal("CSS", { escape: String, supports: () => false });
vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: false }));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => speak("en"));
afterEach(() => {
  cleanup();
  clearToasts();
  forget("signedOut");
  localStorage.clear();
  server.resetHandlers();
  asked.length = 0;
});
afterAll(() => server.close());

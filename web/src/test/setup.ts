/** Each test begins with a clean page, in English, and a server that answers nothing yet. */
import "../lib/i18n";
import { cleanup } from "@testing-library/react";
import i18next from "i18next";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { forget } from "../api/session";
import { asked, server } from "./contract";

// What every browser has and jsdom has not.
vi.stubGlobal("CSS", { escape: String });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => void i18next.changeLanguage("en"));
afterEach(() => {
  cleanup();
  forget("signedOut");
  localStorage.clear();
  server.resetHandlers();
  asked.length = 0;
});
afterAll(() => server.close());

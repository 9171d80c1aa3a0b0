import { afterEach, expect, it, vi } from "vitest";
import { formatDate, formatDateTime } from "./dates";

afterEach(() => vi.restoreAllMocks());

function prefer(...languages: string[]) {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
}

it("writes dates as the region of the person does", () => {
  prefer("de-AT", "en-GB", "en");
  expect(formatDate("2026-11-29T12:00:00Z", "en")).toBe("29 Nov 2026");
  prefer("en-US");
  expect(formatDate("2026-11-29T12:00:00Z", "en")).toBe("Nov 29, 2026");
});

it("writes them in the language of the page, which the browser may not have", () => {
  prefer("en-US");
  expect(formatDate("2026-11-29T12:00:00Z", "de")).toBe("29.11.2026");
  expect(formatDateTime("2026-11-29T12:00:00Z", "de")).toMatch(/^29\.11\.2026, \d\d:\d\d$/);
});

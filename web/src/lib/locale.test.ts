import { afterEach, expect, it, vi } from "vitest";
import { dateTime, localeOf, utcDay } from "./locale";

afterEach(() => void vi.restoreAllMocks());

it("writes dates as the person's own country does, in the chosen language", () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["fr-FR", "en-GB", "de-AT"]);
  expect(localeOf("en")).toBe("en-GB");
  expect(dateTime("2026-11-29T12:56:00", "en")).toBe("29 Nov 2026, 12:56");
  expect(utcDay("2026-11-29", "de", { dateStyle: "medium" })).toBe("29.11.2026");
});

it("takes the language alone where the browser has no variant of it", () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["fr-FR"]);
  expect(localeOf("en")).toBe("en");
});

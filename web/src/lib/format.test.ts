import { afterEach, expect, it, vi } from "vitest";
import { formatOf, localeOf } from "./format";

afterEach(() => void vi.restoreAllMocks());

function prefer(...languages: string[]) {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
}

const NOON = "2026-11-29T12:00:00Z";

it("writes dates as the region of the person does, in the language of the page", () => {
  prefer("fr-FR", "en-GB", "de-AT");
  expect(localeOf("en")).toBe("en-GB");
  expect(formatOf("en").date(NOON)).toBe("29 Nov 2026");
  expect(formatOf("en").utcDay("2026-11-29", "short")).toBe("29 Nov");
  expect(formatOf("de").dateTime(NOON)).toMatch(/^29\.11\.2026, \d\d:\d\d$/);
  prefer("en-US");
  expect(formatOf("en").date(NOON)).toBe("Nov 29, 2026");
  expect(formatOf("de").utcDay("2026-11-29")).toBe("29.11.2026");
  expect(formatOf("de").date("unknown")).toBe("–");
});

it("writes Arabic with the digits of its texts", () => {
  prefer("ar-EG");
  expect(formatOf("ar").number(1234)).toMatch(/^1\D234$/);
  expect(formatOf("ar").date(NOON)).toContain("2026");
});

it.each([
  ["en", (format) => format.size(1), "1 byte"],
  ["en", (format) => format.size(215), "215 bytes"],
  ["en", (format) => format.size(36_900), "36.9 kB"],
  ["de", (format) => format.size(2_500_000), "2,5 MB"],
  ["en", (format) => format.duration(null), "–"],
  ["en", (format) => format.duration(2.5), "2.5ms"],
  ["en", (format) => format.duration(320), "320ms"],
  ["en", (format) => format.duration(4_200), "4.2s"],
  ["en", (format) => format.duration(4_000), "4s"],
  ["en", (format) => format.duration(42_400), "42s"],
  ["en", (format) => format.duration(59_700), "1m"],
  ["en", (format) => format.duration(125_000), "2m 5s"],
  ["en", (format) => format.money(0.000125), "0.000125"],
  ["de", (format) => format.money(1234.5), "1.234,50"],
  ["en", (format) => format.money(null), "–"],
  ["en", (format) => format.percent(0.25, "exceptZero"), "+25%"],
  ["en", (format) => format.compact(1_250_000), "1.25M"],
  ["de", (format) => format.list(["a", "b", "c"]), "a, b und c"],
] satisfies [string, (format: ReturnType<typeof formatOf>) => string, string][])(
  "writes in %s what %s gives: %s",
  (language, write, expected) => {
    prefer(language);
    expect(write(formatOf(language))).toBe(expected);
  },
);

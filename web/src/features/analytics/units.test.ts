import { expect, it } from "vitest";
import { compact, duration, firstDay, mebibytes, milliseconds, percent, periodBefore, seconds } from "./units";

it("writes sizes, times and spans as people read them", () => {
  expect(mebibytes(128 * 2 ** 20, "en")).toBe("128 MiB");
  expect(mebibytes(1.5 * 2 ** 30, "de")).toBe("1,5 GiB");
  expect(milliseconds(null, "en")).toBe("–");
  expect(milliseconds(1234.56, "en")).toBe("1,234.6 ms");
  expect(seconds(1.25, "de")).toBe("1,3 s");
  expect(seconds(0.0025, "en")).toBe("2.5 ms");
  expect(compact(1_250_000, "en")).toBe("1.25M");
  expect(percent(0.25, "en", "exceptZero")).toBe("+25%");
  expect(duration(3_723)).toBe("01:02:03");
  expect(duration(2 * 86_400 + 59)).toBe("2 d 00:00:59");
});

it("begins a stretch of days on the first of them", () => {
  expect(firstDay(1, new Date("2026-03-01T00:30:00Z"))).toBe("2026-03-01");
  expect(firstDay(7, new Date("2026-03-01T23:30:00Z"))).toBe("2026-02-23");
});

it("compares with as many days just before", () => {
  expect(periodBefore(7, new Date("2026-03-15T12:00:00Z"))).toEqual({ from: "2026-03-02", until: "2026-03-08" });
});

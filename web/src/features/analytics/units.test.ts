import { expect, it } from "vitest";
import { formatOf } from "../../lib/format";
import { firstDay, memory, periodBefore, seconds, uptime } from "./units";

it("writes sizes, times and spans as people read them", () => {
  const [english, german] = [formatOf("en"), formatOf("de")];
  expect(memory(128 * 2 ** 20, english)).toBe("128 MiB");
  expect(memory(1.5 * 2 ** 30, german)).toBe("1,5 GiB");
  expect(seconds(null, english)).toBe("–");
  expect(seconds(1.25, english)).toBe("1.3s");
  expect(uptime(3_723, english)).toBe("01:02:03");
  expect(uptime(2 * 86_400 + 59, english)).toBe("2d 00:00:59");
});

it("begins a stretch of days on the first of them", () => {
  expect(firstDay(1, new Date("2026-03-01T00:30:00Z"))).toBe("2026-03-01");
  expect(firstDay(7, new Date("2026-03-01T23:30:00Z"))).toBe("2026-02-23");
});

it("compares with as many days just before", () => {
  expect(periodBefore(7, new Date("2026-03-15T12:00:00Z"))).toEqual({ from: "2026-03-02", until: "2026-03-08" });
});

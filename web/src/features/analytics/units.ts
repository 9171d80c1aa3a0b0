/** Numbers with their units. */
import { localeOf } from "../../lib/locale";

export function mebibytes(bytes: number, language: string): string {
  const size = bytes / 2 ** 20;
  const write = (value: number, digits: number) =>
    value.toLocaleString(localeOf(language), { maximumFractionDigits: digits });
  return size < 1024 ? `${write(size, 0)} MiB` : `${write(size / 1024, 1)} GiB`;
}

export function milliseconds(time: number | null | undefined, language: string): string {
  return time == null ? "–" : `${time.toLocaleString(localeOf(language), { maximumFractionDigits: 1 })} ms`;
}

/** Less than a second is written in milliseconds. */
export function seconds(time: number | null | undefined, language: string): string {
  if (time != null && time > 0 && time < 1) {
    return milliseconds(time * 1_000, language);
  }
  return time == null ? "–" : `${time.toLocaleString(localeOf(language), { maximumFractionDigits: 1 })} s`;
}

export function percent(part: number, language: string, signDisplay: "auto" | "exceptZero" = "auto"): string {
  return part.toLocaleString(localeOf(language), { style: "percent", maximumFractionDigits: 0, signDisplay });
}

/** Large numbers in few letters, as on an axis. */
export function compact(value: number, language: string): string {
  return value.toLocaleString(localeOf(language), { notation: "compact", maximumFractionDigits: 2 });
}

const DAY = 86_400_000;

/** The first of so many days that end with today, in UTC, as the server counts days. */
export function firstDay(days: number, now = new Date()): string {
  return new Date(now.getTime() - (days - 1) * DAY).toISOString().slice(0, 10);
}

/** The period of the same length that ended before the first of so many days. */
export function periodBefore(days: number, now = new Date()): { from: string; until: string } {
  return { from: firstDay(2 * days, now), until: firstDay(days + 1, now) };
}

/** Days where there are some, and the time of a clock. */
export function duration(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  const clock = [hours, minutes, Math.floor(seconds) % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return days === 0 ? clock : `${days ?? 0} d ${clock}`;
}

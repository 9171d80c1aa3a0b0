/** What analytics writes and counts in its own way. */
import type { Format } from "../../lib/format";

/** Memory, in powers of 1024. */
export function memory(bytes: number, format: Format): string {
  const size = bytes / 2 ** 20;
  return size < 1024
    ? `${format.number(size, { maximumFractionDigits: 0 })} MiB`
    : `${format.number(size / 1024, { maximumFractionDigits: 1 })} GiB`;
}

export function seconds(time: number | null | undefined, format: Format): string {
  return format.duration(time == null ? null : time * 1_000);
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
export function uptime(seconds: number, format: Format): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  const clock = [hours, minutes, Math.floor(seconds) % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return days === 0 ? clock : `${format.days(days ?? 0)} ${clock}`;
}

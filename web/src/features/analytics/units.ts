/** Numbers with their units. */
export function mebibytes(bytes: number, language: string): string {
  const size = bytes / 2 ** 20;
  return size < 1024
    ? `${size.toLocaleString(language, { maximumFractionDigits: 0 })} MiB`
    : `${(size / 1024).toLocaleString(language, { maximumFractionDigits: 1 })} GiB`;
}

export function milliseconds(time: number | null | undefined, language: string): string {
  return time == null ? "–" : `${time.toLocaleString(language, { maximumFractionDigits: 1 })} ms`;
}

export function seconds(time: number | null | undefined, language: string): string {
  return time == null ? "–" : `${time.toLocaleString(language, { maximumFractionDigits: 1 })} s`;
}

/** The first of so many days that end with today, in UTC, as the server counts days. */
export function firstDay(days: number, now = new Date()): string {
  return new Date(now.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
}

/** Days where there are some, and the time of a clock. */
export function duration(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  const clock = [hours, minutes, Math.floor(seconds) % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return days === 0 ? clock : `${days ?? 0} d ${clock}`;
}

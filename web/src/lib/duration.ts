/** How long something took, as short as the language writes it: `320ms`, `4s`, `2m 5s`. */
export function duration(milliseconds: number, language: string): string {
  const write = (amount: number, unit: "millisecond" | "second" | "minute", digits = 0) =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit,
      unitDisplay: "narrow",
      maximumFractionDigits: digits,
    }).format(amount);
  if (milliseconds < 1_000) {
    return write(milliseconds, "millisecond");
  }
  const seconds = milliseconds / 1_000;
  if (seconds < 60) {
    return write(seconds, "second", seconds < 10 ? 1 : 0);
  }
  const whole = Math.round(seconds);
  const rest = whole % 60;
  const minutes = write(Math.floor(whole / 60), "minute");
  return rest === 0 ? minutes : `${minutes} ${write(rest, "second")}`;
}

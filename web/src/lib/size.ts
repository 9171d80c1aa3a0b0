const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** Bytes in the unit that fits. */
export function sizeOf(bytes: number, language: string): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step],
    // The short form of bytes knows no plural: "215 byte".
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1000 ** step);
}

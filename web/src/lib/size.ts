const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** Bytes in the unit that fits. */
export function sizeOf(bytes: number, language: string): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat(language, { style: "unit", unit: UNITS[step], maximumFractionDigits: 1 });
  return format.format(bytes / 1000 ** step);
}

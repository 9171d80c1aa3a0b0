/** Dates and numbers in the language of the page, as the region of the person writes them. */

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"];
const DASH = "–";

/** The language with the region that the browser prefers for it: `en-GB` for a British reader of English. */
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** What is not known is written as a dash. */
function makeFormat(tag: string) {
  // The digits that the texts of the page have, also where the region prefers others.
  const locale = new Intl.Locale(tag, { numberingSystem: "latn" });
  const number = (value: number, options?: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, options).format(value);
  const date = (time: string | Date, options: Intl.DateTimeFormatOptions) => {
    const at = new Date(time);
    return Number.isNaN(at.getTime()) ? DASH : new Intl.DateTimeFormat(locale, options).format(at);
  };
  const unit = (value: number, unit: string, digits = 0, unitDisplay: "narrow" | "short" | "long" = "narrow") =>
    number(value, { style: "unit", unit, unitDisplay, maximumFractionDigits: digits });

  return {
    number,
    /** Large numbers in few letters, as on an axis. */
    compact: (value: number) => number(value, { notation: "compact", maximumFractionDigits: 2 }),
    percent: (part: number, signDisplay: "auto" | "exceptZero" = "auto") =>
      number(part, { style: "percent", maximumFractionDigits: 0, signDisplay }),
    /** In the operator's own currency: as many digits as small sums need. */
    money: (amount: number | null | undefined) =>
      amount == null ? DASH : number(amount, { minimumFractionDigits: 2, maximumFractionDigits: amount < 1 ? 6 : 2 }),
    /** Bytes in the unit that fits. The short form of bytes knows no plural. */
    size(bytes: number): string {
      const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZES.length - 1);
      return unit(bytes / 1000 ** step, SIZES[step] ?? "byte", 1, step === 0 ? "long" : "short");
    },
    /** How long something took, in milliseconds, as short as the language writes it: `320ms`, `4.2s`, `2m 5s`. */
    duration(milliseconds: number | null | undefined): string {
      if (milliseconds == null) {
        return DASH;
      }
      if (milliseconds < 1_000) {
        return unit(milliseconds, "millisecond", milliseconds < 10 ? 1 : 0);
      }
      if (milliseconds < 59_500) {
        return unit(milliseconds / 1_000, "second", milliseconds < 9_950 ? 1 : 0);
      }
      const seconds = Math.round(milliseconds / 1_000);
      const minutes = unit(Math.floor(seconds / 60), "minute");
      return seconds % 60 === 0 ? minutes : `${minutes} ${unit(seconds % 60, "second")}`;
    },
    days: (count: number) => unit(count, "day"),
    /** Such as 29 Nov 2026. */
    date: (time: string) => date(time, { dateStyle: "medium" }),
    /** Such as 29 Nov 2026, 14:05. */
    dateTime: (time: string) => date(time, { dateStyle: "medium", timeStyle: "short" }),
    /** Such as November 2026. */
    month: (time: Date) => date(time, { month: "long", year: "numeric" }),
    /** A day as the server counts days, in UTC: such as 29 Nov 2026, or 29 Nov where there is little room. */
    utcDay: (day: string, look: "medium" | "short" = "medium") =>
      date(`${day}T00:00:00Z`, {
        timeZone: "UTC",
        ...(look === "medium" ? { dateStyle: look } : { day: "numeric", month: "short" }),
      }),
    list: (items: string[]) => new Intl.ListFormat(tag).format(items),
  };
}

export type Format = ReturnType<typeof makeFormat>;

const formats = new Map<string, Format>();

export function formatOf(language: string): Format {
  const tag = localeOf(language);
  const format = formats.get(tag) ?? makeFormat(tag);
  formats.set(tag, format);
  return format;
}

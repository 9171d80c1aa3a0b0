/** How dates and numbers are written. */

/** The person's own variant of a language, such as en-GB for en: i18next knows the language only. */
export function localeOf(language: string): string {
  return navigator.languages.find((one) => one.toLowerCase().split("-")[0] === language) ?? language;
}

/** A time with its date, as in a table. */
export function dateTime(at: string, language: string): string {
  return new Date(at).toLocaleString(localeOf(language), { dateStyle: "medium", timeStyle: "short" });
}

/** A day as the server counts days, in UTC. */
export function utcDay(day: string, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(localeOf(language), { ...options, timeZone: "UTC" });
}

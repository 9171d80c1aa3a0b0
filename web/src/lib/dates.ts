/** Dates in the language of the page, as the region of the person writes them: the browser names it, the page does not. */

/** The language with the region that the browser prefers for it: `en-GB` for a British reader of English. */
function localeOf(language: string): string {
  return navigator.languages.find((preferred) => preferred.split("-")[0] === language) ?? language;
}

/** Such as 29 Nov 2026. */
export function formatDate(iso: string, language: string): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium" }).format(new Date(iso));
}

/** Such as 29 Nov 2026, 14:05. */
export function formatDateTime(iso: string, language: string): string {
  const format = new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium", timeStyle: "short" });
  return format.format(new Date(iso));
}

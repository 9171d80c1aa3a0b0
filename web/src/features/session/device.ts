/** What a person calls the device of a session: the browser and the system, else the program. */
const BROWSERS: [pattern: RegExp, name: string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

export function device(userAgent: string | null | undefined): string | undefined {
  if (userAgent == null || userAgent === "") {
    return undefined;
  }
  const named = (list: typeof BROWSERS) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = named(BROWSERS);
  return browser === undefined ? userAgent.split(" ")[0] : [browser, named(SYSTEMS)].filter(Boolean).join(", ");
}

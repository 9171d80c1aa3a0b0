/** Keys by which the server knows a request again that is sent once more: it is then done once, and answered alike. */

/** How long, in milliseconds, the same request counts as another try of the one before. */
const KEPT = 120_000;

interface Kept {
  key: string;
  until: number;
}

const kept = new Map<string, Kept>();

/** A random key, also where the page has no secure context and `crypto.randomUUID` is not there. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of a request: a new one, unless the same request had an unknown outcome just now. */
export function keyOfRequest(request: string): string {
  const now = Date.now();
  for (const [known, { until }] of kept) {
    if (until < now) {
      kept.delete(known);
    }
  }
  return kept.get(request)?.key ?? newKey();
}

/** Notes whether the outcome of a request is known. */
export function settle(request: string, key: string, isKnown: boolean): void {
  if (isKnown) {
    kept.delete(request);
  } else {
    kept.set(request, { key, until: Date.now() + KEPT });
  }
}

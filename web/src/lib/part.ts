/** Parts of the page that come when they are needed: also from a server that has other ones by now, and over a network
 * that fails in between. */

/** Between two tries while nobody answers, in milliseconds: grows up to the second. */
const PAUSE = 1_000;
const LONGEST = 15_000;

const PREFIX = "reloaded:";

/** A part that neither the page nor a fresh one can load. */
export class PartMissing extends Error {
  override name = "PartMissing";
}

/** Whether the server answers with a page, so that a fresh one can be had. */
async function isServed(): Promise<boolean> {
  try {
    const page = await fetch("/", { cache: "no-store", redirect: "manual" });
    return page.ok;
  } catch {
    return false;
  }
}

/** Whether the page may be loaded again for a part: once, and only where it can be noted that it was. */
function mayReload(name: string): boolean {
  try {
    if (sessionStorage.getItem(PREFIX + name) !== null) {
      return false;
    }
    sessionStorage.setItem(PREFIX + name, "1");
    return true;
  } catch {
    return false;
  }
}

function arrived(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // Then nothing was noted either.
  }
}

/** Loads a part for `lazy`. Where the server has replaced it, the page loads itself again, once. */
export function part<T>(name: string, load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let pause = PAUSE; ; pause = Math.min(LONGEST, pause * 2)) {
      try {
        const loaded = await load();
        arrived(name);
        return loaded;
      } catch (error) {
        if (await isServed()) {
          if (mayReload(name)) {
            globalThis.location.reload();
            // This page has come to its end.
            return new Promise<T>(() => undefined);
          }
          arrived(name);
          throw new PartMissing(name, { cause: error });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
}

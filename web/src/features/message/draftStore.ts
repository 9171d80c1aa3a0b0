/** Where drafts are kept: on this device, under the name of the person who typed them. */
const PREFIX = "draft:";
export const FILES = ":files";
/** What is on its way to the server, until it has answered: a page that is closed meanwhile gives it back. */
export const SENDING = ":sending";

let owner = "";
const listeners = new Set<() => void>();
/** What this page knows: it goes on where the device keeps nothing, and when another tab types at the same place. */
const memory = new Map<string, string>();

/** Where the device keeps it; a browser may forbid that, and then what is typed stays on the page alone. What is on its
 * way is this tab's own. */
function kept(key: string): Storage | undefined {
  try {
    return key.endsWith(SENDING) ? sessionStorage : localStorage;
  } catch {
    return undefined;
  }
}

export function read(key: string): string {
  const known = memory.get(key) ?? kept(key)?.getItem(key) ?? "";
  memory.set(key, known);
  return known;
}

export function write(key: string, value: string): void {
  memory.set(key, value);
  try {
    if (value === "") {
      kept(key)?.removeItem(key);
    } else {
      kept(key)?.setItem(key, value);
    }
  } catch {
    // The device is full.
  }
  listeners.forEach((listener) => listener());
}

/** Drafts of different people share a device, and never a name. */
export function keyOf(place: string): string {
  return `${PREFIX}${owner}:${place}`;
}

/** From now on drafts are those of this person. */
export function setDraftOwner(userId: string): void {
  if (userId !== owner) {
    owner = userId;
    memory.clear();
    listeners.forEach((listener) => listener());
  }
}

/** When a person leaves nothing of anybody's stays on the device. */
export function forgetDrafts(): void {
  memory.clear();
  for (const storage of [kept(""), kept(SENDING)]) {
    Object.keys(storage ?? {})
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => storage?.removeItem(key));
  }
  listeners.forEach((listener) => listener());
}

/** Tells of every change of a draft until the function that is returned is called. */
export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

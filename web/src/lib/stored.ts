/** Small choices that belong to this browser and not to the account, such as whether the sidebar is open. */

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(`convosphere.${name}`);
  } catch {
    // Storage may be switched off.
    return null;
  }
}

export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(`convosphere.${name}`, value);
  } catch {
    // It lasts as long as the page, then.
  }
}

/** Reading files with the token of the session: a link or an image could not carry it. */
import { saveBlob } from "../lib/save";
import { freshToken } from "./session";

/** The content at a path. Rejects as a query does: with the status and what the server said. */
export async function load(path: string): Promise<Blob> {
  const access = await freshToken();
  const headers: HeadersInit = access === undefined ? {} : { Authorization: `Bearer ${access}` };
  const answer = await fetch(path, { headers, redirect: "manual" });
  if (!answer.ok) {
    const data: unknown = await answer.json().catch(() => undefined);
    const status = answer.type === "opaqueredirect" ? 302 : answer.status;
    throw Object.assign(new Error("refused"), { status, data });
  }
  return answer.blob();
}

/** Saves the content at a path on the device. Rejects as `load` does. */
export async function save(path: string, name: string): Promise<void> {
  saveBlob(await load(path), name);
}

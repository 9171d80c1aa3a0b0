/** Saving what is read with the token of the session: a link could not carry it. */
import { freshToken } from "./session";

/** Rejects as a query does: with the status and what the server said. */
export async function save(path: string, name: string): Promise<void> {
  const access = await freshToken();
  const headers: HeadersInit = access === undefined ? {} : { Authorization: `Bearer ${access}` };
  const answer = await fetch(path, { headers, redirect: "manual" });
  if (!answer.ok) {
    const data: unknown = await answer.json().catch(() => undefined);
    const status = answer.type === "opaqueredirect" ? 302 : answer.status;
    throw Object.assign(new Error("refused"), { status, data });
  }
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

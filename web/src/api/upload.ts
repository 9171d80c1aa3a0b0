/** Uploading by XMLHttpRequest, which reports progress. */
import { freshToken, renew } from "./session";

/** Rejects as a query does: with the status and what the server said. */
function send(
  method: string,
  path: string,
  file: File,
  access: string | undefined,
  onProgress: (part: number) => void,
) {
  return new Promise<unknown>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "json";
    if (access !== undefined) {
      request.setRequestHeader("Authorization", `Bearer ${access}`);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      // Without a body of ours, something in between has answered.
      if (request.status < 300 && request.response !== null) {
        resolve(request.response);
      } else {
        reject(Object.assign(new Error("refused"), { status: request.status, data: request.response as unknown }));
      }
    };
    request.onerror = () => reject(Object.assign(new Error("not reached"), { status: 0 }));
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}

/** Uploads a file and returns the server's reply. `onProgress` gets the part that was sent, 0 to 1. */
export async function upload(
  method: string,
  path: string,
  file: File,
  onProgress: (part: number) => void,
): Promise<unknown> {
  try {
    return await send(method, path, file, await freshToken(), onProgress);
  } catch (error) {
    if ((error as { status?: number }).status !== 401 || (await renew().catch(() => undefined)) === undefined) {
      throw error;
    }
    return send(method, path, file, await freshToken(), onProgress);
  }
}

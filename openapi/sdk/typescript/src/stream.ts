/** Follows a conversation or a run: every frame once, also over lost connections. */

import { EventSourceParserStream } from "eventsource-parser/stream";

/** One frame; only durable ones carry an id. */
export interface Frame {
  type: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

export interface StreamOptions {
  /** The last id that was seen; frames after it are told first. */
  after?: string;
  signal?: AbortSignal;
}

const ENDS = new Set(["response.completed", "response.failed", "response.interrupted", "response.cancelled"]);
const PAUSE = 1_000;

/**
 * Yields the frames of a path such as `/api/v1/conversations/<id>/stream`. A lost connection is made again after the
 * last id that was seen. A run's own stream ends with its last frame, a conversation's when the caller stops or the
 * server closes it for good.
 */
export async function* stream(
  baseUrl: string,
  accessToken: string,
  path: string,
  options: StreamOptions = {},
): AsyncGenerator<Frame, void, undefined> {
  let last = options.after;
  const ofARun = path.includes("/responses/");
  while (!options.signal?.aborted) {
    const body = await open(baseUrl + path, accessToken, last, options.signal);
    try {
      for await (const event of body ?? []) {
        last = event.id ?? last;
        const frame = {
          type: event.event ?? "message",
          id: event.id,
          data: JSON.parse(event.data) as Record<string, unknown>,
        };
        yield frame;
        if (ofARun && ENDS.has(frame.type)) {
          return;
        }
        if (frame.type === "stream.closed" && frame.data["reason"] !== "restarting") {
          return;
        }
      }
    } catch (error) {
      if (options.signal?.aborted) {
        return;
      }
      // A lost connection ends the body with an error of the network.
      if (!(error instanceof TypeError)) {
        throw error;
      }
    }
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
}

/** The events of a connection; none where the server cannot be reached now. */
async function open(url: string, accessToken: string, last: string | undefined, signal: AbortSignal | undefined) {
  const headers: Record<string, string> = { Accept: "text/event-stream", Authorization: `Bearer ${accessToken}` };
  if (last !== undefined) {
    headers["Last-Event-ID"] = last;
  }
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: signal ?? null });
  } catch {
    return undefined;
  }
  if (!response.ok || response.body === null) {
    throw new Error(`${response.status}: ${await response.text()}`);
  }
  return response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

/** Streams of frames that continue after a lost connection. */

import type { Call, Schemas } from "./call.js";
import { ConvoSphereError } from "./errors.js";
import { pauseAfter } from "./transport.js";

/** Streams send something every 15 s. */
const LONGEST_SILENCE = 45_000;
const RUN_ENDS = ["response.completed", "response.failed", "response.interrupted", "response.cancelled"];

/** A run and the message that it writes. */
export interface Run {
  response: Schemas["Response"];
  message: Schemas["Message"];
}

interface FrameData {
  /** A new message, or one whose rating changed. */
  "message.posted": Schemas["Message"];
  /** The conversation after a change, such as of its title. */
  "conversation.changed": Schemas["Conversation"];
  "read_marker.moved": { conversation_id: string; user_id: string; message_id: string; read_at: string };
  "response.started": Run;
  /** The next piece of an answer. `seq` increases with each delta of a run. */
  "response.delta": { response_id: string; seq: number; kind: Schemas["MessagePartType"]; text: string };
  /** The answer so far, which replaces all pieces before it. */
  "response.snapshot": { response_id: string; seq: number; text: string; reasoning: string };
  "response.completed": Run;
  "response.failed": Run;
  "response.interrupted": Run;
  "response.cancelled": Run;
  "job.progress": Schemas["Job"];
  "job.ended": Schemas["Job"];
  /** An event of the log or the feed. */
  event: Schemas["Event"];
  /** All earlier frames were sent. */
  "stream.caught_up": unknown;
  /** The log was replaced: read again what you show. */
  "stream.reset": unknown;
}

/** What happened. Later versions of the server may send frames of other types. */
export type Frame = {
  [Type in keyof FrameData]: {
    type: Type;
    /** Its cursor, for `after`; only durable frames have one. */
    id: string | undefined;
    data: FrameData[Type];
  };
}[keyof FrameData];

export type Frames = AsyncGenerator<Frame, void, undefined>;

export interface StreamOptions {
  /** Starts after a frame, by its id, or after a log position. */
  after?: string | undefined;
  /** Ends the stream with the reason of the signal. */
  signal?: AbortSignal | undefined;
}

interface Connector {
  connect: (call: Call) => Promise<Response>;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  patience: number;
}

/**
 * Yields every frame once. After a lost connection or a restart of the server, continues after the last frame. The stream
 * of a run or a job ends with its last frame.
 */
export async function* follow(
  path: Call["path"],
  { after, signal }: StreamOptions,
  { connect, sleep, patience }: Connector,
): Frames {
  const ends = path[0] === "responses" ? RUN_ENDS : path[0] === "jobs" ? ["job.ended"] : [];
  let last: string | undefined;
  let lost: number | undefined;
  let failures = 0;
  while (true) {
    try {
      const headers = { Accept: "text/event-stream", ...(last !== undefined && { "Last-Event-ID": last }) };
      const response = await connect({ method: "GET", path, query: { after }, headers, options: { signal } });
      lost = undefined;
      for await (const frame of frames(response, signal)) {
        // A frame that repeats an id, such as the end of the catch-up, is not durable.
        frame.id = frame.id === last ? undefined : frame.id;
        last = frame.id ?? last;
        failures = frame.type.startsWith("stream.") ? failures : 0;
        yield frame;
        if (ends.includes(frame.type)) {
          return;
        }
      }
    } catch (error) {
      const isPatient = lost !== undefined && performance.now() - lost < patience;
      if (!(error instanceof ConvoSphereError && error.isTransient && isPatient)) {
        throw error;
      }
    }
    lost ??= performance.now();
    failures += 1;
    await sleep(pauseAfter(failures), signal);
  }
}

/** The frames of a connection, until it is lost. */
async function* frames(response: Response, signal: AbortSignal | undefined): AsyncGenerator<Frame, void, undefined> {
  const fields = new Map<string, string>();
  for await (const line of lines(response, signal)) {
    if (line !== "") {
      const [, name = "", value = ""] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? [];
      const before = fields.get(name);
      fields.set(name, name === "data" && before !== undefined ? `${before}\n${value}` : value);
      continue;
    }
    const [type, id, data] = [fields.get("event") ?? "message", fields.get("id") || undefined, fields.get("data")];
    fields.clear();
    // The server stops, or the caller has lost access: the next connection tells.
    if (type === "stream.closed") {
      return;
    }
    if (data !== undefined) {
      yield { type, id, data: JSON.parse(data) as unknown } as Frame;
    }
  }
}

async function* lines(response: Response, signal: AbortSignal | undefined): AsyncGenerator<string, void, undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let chunk = await read(reader, signal); chunk; chunk = await read(reader, signal)) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
}

/** The next piece of a body; undefined if the connection ended, broke, or was silent for too long. */
async function read(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LONGEST_SILENCE);
  });
  try {
    return await Promise.race([reader?.read().then(({ value }) => value), silence]);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

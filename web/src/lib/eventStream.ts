/** Following one topic by server-sent events, where a WebSocket does not come through. */
import type { Frame, Topic } from "./topic";

/** The server says something at least every 15 s; without a sign for this long, in milliseconds, nobody is there. */
const SILENCE = 40_000;

function addressOf(topic: Topic, after: string | number | undefined): string {
  const path =
    "conversation_id" in topic
      ? `conversations/${topic.conversation_id}/stream`
      : topic.channel === "feed"
        ? "feed"
        : "events/stream";
  return `/api/v1/${path}${after === undefined ? "" : `?after=${encodeURIComponent(after)}`}`;
}

/** The frame of one event; undefined for a comment, which only says that somebody is there. */
function parse(block: string): Frame | undefined {
  const fields = block.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line));
  const all = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ""] : []));
  const [type] = all("event");
  if (type === undefined) {
    return undefined;
  }
  return { type, id: all("id")[0], data: JSON.parse(all("data").join("\n")) as Frame["data"] };
}

interface Options {
  topic: Topic;
  after: string | number | undefined;
  token: () => Promise<string | undefined>;
  onFrame: (frame: Frame) => void;
  /** The server has begun to answer. */
  onOpen: () => void;
}

/** Follows until the function that is returned is called. A stream that cannot be had or that ends says so by a frame
 * of the type `error`, with the status as the WebSocket has it: 0 where nobody answers. */
export function followEvents({ topic, after, token, onFrame, onOpen }: Options): () => void {
  const control = new AbortController();
  const tell = (frame: Frame) => {
    if (!control.signal.aborted) {
      onFrame({ ...frame, ...topic });
    }
  };
  void read()
    .catch(() => 0)
    .then((status) => tell({ type: "error", data: { status } }))
    .finally(() => control.abort());
  return () => control.abort();

  async function read(): Promise<number> {
    const access = await token();
    const headers = { Accept: "text/event-stream", Authorization: `Bearer ${access ?? ""}` };
    const answer = await fetch(addressOf(topic, after), { headers, redirect: "manual", signal: control.signal });
    const isOurs = (answer.headers.get("content-type") ?? "").startsWith("text/event-stream");
    if (!answer.ok || !isOurs || answer.body === null) {
      // What a proxy says is not the server's word on the right to read.
      const isProblem = (answer.headers.get("content-type") ?? "").includes("json");
      return isProblem ? answer.status : 0;
    }
    onOpen();
    await pump(answer.body.getReader());
    return 0;
  }

  async function pump(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const silence = setTimeout(() => void reader.cancel().catch(() => undefined), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) {
        return;
      }
      text += decoder.decode(value, { stream: true });
      const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const frame = parse(block);
        if (frame !== undefined) {
          tell(frame);
        }
      }
    }
  }
}

/** An OpenAI-compatible server on loopback. `echo` says again what it was told; `gated` waits in the middle. Both name chats. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const FIRST = "The first half of the answer. ";
export const SECOND = "And the second one.";
/** What it names every chat. */
export const TITLE = "Zebras and such";

interface Asked {
  model: string;
  messages: { role: string; content: string }[];
}

export class Provider {
  private opened: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: Server,
    private readonly knows: (question: string) => string | undefined,
  ) {}

  /** `models` are those that it lists; `knows` gives the answers of those that are neither `echo` nor `gated`. */
  static async start(
    models = ["echo", "gated"],
    knows: (question: string) => string | undefined = () => undefined,
  ): Promise<Provider> {
    const holder: { provider?: Provider } = {};
    const server = createServer((request, response) => {
      if (request.url === "/v1/models") {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ object: "list", data: models.map((id) => ({ id })) }));
        return;
      }
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => void holder.provider?.answer(JSON.parse(body) as Asked, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    holder.provider = new Provider(server, knows);
    return holder.provider;
  }

  /** Host and port. */
  get host(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** Chats keep their first question as their name: tests find them by it. */
  get environment(): Record<string, string> {
    return {
      OPENAI_API_KEY: "secret",
      OPENAI_BASE_URL: `http://${this.host}/v1`,
      CONVOSPHERE_MODELS__TITLES: "none",
    };
  }

  /** From now on `gated` waits in the middle, until it is released. */
  hold(): void {
    this.gate = new Promise((resolve) => (this.opened = resolve));
  }

  release(): void {
    this.opened();
  }

  stop(): void {
    this.release();
    this.close();
  }

  /** Nothing answers there any more. */
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer({ model, messages }: Asked, response: ServerResponse): Promise<void> {
    response.setHeader("Content-Type", "text/event-stream");
    const say = (text: string) =>
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`);
    if (messages[0]?.content.startsWith("You name conversations.")) {
      say(TITLE);
    } else if (model === "echo") {
      say(messages.at(-1)?.content ?? "");
    } else if (model !== "gated") {
      const question = messages.at(-1)?.content ?? "";
      for (const piece of (this.knows(question) ?? question).match(/.{1,12}/gsu) ?? []) {
        say(piece);
      }
    } else {
      say(FIRST);
      await this.gate;
      say(SECOND);
    }
    const end = {
      choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    };
    response.write(`data: ${JSON.stringify(end)}\n\n`);
    response.end("data: [DONE]\n\n");
  }
}

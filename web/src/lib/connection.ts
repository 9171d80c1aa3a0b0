/** One WebSocket, from the greeting to its end. It notices when nobody answers any more: after sleep, or when a network
 * has gone without a word, a connection looks open for many minutes. */
import type { Frame } from "./topic";

/** How often it is asked whether somebody is there, and how long an answer may take, in milliseconds. */
export const PING = 20_000;
export const PATIENCE = 8_000;
/** How long it may take until the server knows who this is. */
export const OPENING = 15_000;

interface Events {
  /** The server knows who this is. */
  onReady: () => void;
  onFrame: (frame: Frame) => void;
  /** Whether anything was heard before. */
  onEnd: (wasHeard: boolean) => void;
}

export class Connection {
  private ready = false;
  private wasHeard = false;
  private isOver = false;
  private readonly pings: ReturnType<typeof setInterval>;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly socket: WebSocket,
    token: string,
    private readonly events: Events,
  ) {
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token }));
    socket.onmessage = ({ data }) => this.receive(JSON.parse(String(data)) as Frame);
    socket.onclose = () => this.end();
    this.pings = setInterval(() => this.check(), PING);
    // A proxy may let nothing through, and say nothing either.
    this.silence = setTimeout(() => this.end(), OPENING);
  }

  /** Whether the server knows who this is. */
  get isReady(): boolean {
    return this.ready;
  }

  /** Says something where the connection stands; what is said over it may be lost. */
  say(message: Record<string, unknown>): void {
    if (this.ready) {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** Asks whether somebody is there; without an answer this is the end. */
  check(): void {
    this.say({ type: "ping" });
    this.silence ??= setTimeout(() => this.end(), PATIENCE);
  }

  /** Ends it now: the other end may be long gone, and is not waited for. */
  end(): void {
    if (!this.isOver) {
      this.isOver = true;
      this.ready = false;
      clearInterval(this.pings);
      clearTimeout(this.silence);
      this.socket.close();
      this.events.onEnd(this.wasHeard);
    }
  }

  private receive(frame: Frame): void {
    if (this.isOver) {
      return;
    }
    this.wasHeard = true;
    clearTimeout(this.silence);
    this.silence = undefined;
    if (frame.type === "ready") {
      this.ready = true;
      this.events.onReady();
    } else {
      this.events.onFrame(frame);
    }
  }
}

/** A WebSocket that comes back by itself, for as long as something is to be heard. */
import { Connection } from "./connection";
import { pause } from "./subscriptions";
import type { Frame } from "./topic";

export interface Options {
  url: string;
  /** A token that is valid now; undefined where there is no session. */
  token: () => Promise<string | undefined>;
  open?: (url: string) => WebSocket;
}

interface Events {
  /** Whether anything is to be heard. */
  isWanted: () => boolean;
  onReady: () => void;
  onFrame: (frame: Frame) => void;
  onEnd: () => void;
}

/** Pauses between two connections, in milliseconds; the last one while something else stands in. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 15_000;
const LONGEST_WAIT_BESIDE = 60_000;
/** After so many connections on which nothing was heard, WebSockets do not seem to come through. */
const MISSES = 3;

export class Reconnecting {
  private connection: Connection | undefined;
  private tries = 0;
  private misses = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly options: Options,
    private readonly events: Events,
  ) {
    const look = () => this.look();
    globalThis.addEventListener("online", look);
    // The device may have slept.
    document.addEventListener("visibilitychange", look);
  }

  get isReady(): boolean {
    return this.connection?.isReady === true;
  }

  /** Whether WebSockets do not come through. */
  get isBlocked(): boolean {
    return this.misses >= MISSES;
  }

  /** Says something where the connection stands. */
  say(message: Record<string, unknown>): void {
    this.connection?.say(message);
  }

  /** Connects, unless a connection is there or on its way. */
  start(): void {
    if (this.connection === undefined) {
      void this.connect();
    }
  }

  /** Ends the connection; the next start begins as the first one did. */
  stop(): void {
    clearTimeout(this.retry);
    this.connection?.end();
    this.tries = this.misses = 0;
  }

  /** Something has changed around here: looks whether the connection stands, or makes one at once. */
  private look(): void {
    if (this.connection !== undefined) {
      this.connection.check();
    } else if (this.events.isWanted()) {
      void this.connect();
    }
  }

  private async connect(): Promise<void> {
    clearTimeout(this.retry);
    const token = await this.options.token().catch(() => undefined);
    // Somebody else may have connected meanwhile, or nothing is to be heard any more.
    if (this.connection !== undefined || !this.events.isWanted()) {
      return;
    }
    if (token === undefined) {
      this.later();
      return;
    }
    const socket = (this.options.open ?? ((url) => new WebSocket(url)))(this.options.url);
    this.connection = new Connection(socket, token, {
      onReady: () => {
        this.tries = this.misses = 0;
        this.events.onReady();
      },
      onFrame: this.events.onFrame,
      onEnd: (wasHeard) => {
        this.connection = undefined;
        this.misses = wasHeard ? 0 : this.misses + 1;
        this.later();
        this.events.onEnd();
      },
    });
  }

  private later(): void {
    if (this.events.isWanted()) {
      const longest = this.isBlocked ? LONGEST_WAIT_BESIDE : LONGEST_WAIT;
      this.retry = setTimeout(() => void this.connect(), pause(FIRST_WAIT, longest, this.tries));
      this.tries += 1;
    }
  }
}

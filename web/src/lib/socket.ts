/** One connection per tab for all that is live. It comes back by itself and misses nothing: each subscription goes on
 * after the last durable frame that it has heard. */
import { Connection } from "./connection";
import { type Frame, keyOf, type Listener, type Topic } from "./topic";

interface Subscription {
  topic: Topic;
  /** Undefined: from now on. */
  after: string | number | undefined;
  listeners: Set<Listener>;
}

export interface Options {
  url: string;
  /** A token that is valid now; undefined where there is no session. */
  token: () => Promise<string | undefined>;
  /** The token was refused: the session may have ended. */
  refused: () => void;
  open?: (url: string) => WebSocket;
}

const LONGEST_WAIT = 15_000;
const AGAIN = 1_000;

export class Live {
  private readonly subscriptions = new Map<string, Subscription>();
  private connection: Connection | undefined;
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly options: Options) {
    globalThis.addEventListener("online", this.now);
    // The device may have slept.
    document.addEventListener("visibilitychange", this.now);
  }

  /** Hears of a topic from a position on, else from now, until the function that is returned is called. */
  subscribe(topic: Topic, after: string | number | undefined, listener: Listener): () => void {
    const key = keyOf(topic);
    const subscription = this.subscriptions.get(key) ?? { topic, after, listeners: new Set() };
    this.subscriptions.set(key, subscription);
    this.stopped = false;
    if (subscription.listeners.size === 0 || after !== undefined) {
      // Who listens already hears some of it again.
      subscription.after = after ?? subscription.after;
      this.ask(subscription);
    }
    subscription.listeners.add(listener);
    if (this.connection === undefined) {
      void this.connect();
    }
    return () => {
      subscription.listeners.delete(listener);
      if (subscription.listeners.size === 0 && this.subscriptions.get(key) === subscription) {
        this.subscriptions.delete(key);
        this.connection?.say({ type: "unsubscribe", ...topic });
      }
    };
  }

  /** Hears again what came after a position: what was read there may be older than what was heard meanwhile. */
  rewind(topic: Topic, after: string | number): void {
    const subscription = this.subscriptions.get(keyOf(topic));
    if (subscription !== undefined) {
      subscription.after = after;
      this.ask(subscription);
    }
  }

  private ask({ topic, after }: Subscription): void {
    this.connection?.say({ type: "subscribe", ...topic, after });
  }

  /** Ends the connection and forgets everything, as at the end of a session. */
  stop(): void {
    this.stopped = true;
    this.subscriptions.clear();
    clearTimeout(this.retry);
    this.connection?.end();
  }

  /** Something has changed around here: looks whether the connection stands, or makes one at once. */
  private readonly now = (): void => {
    if (this.connection !== undefined) {
      this.connection.check();
    } else if (this.subscriptions.size > 0) {
      void this.connect();
    }
  };

  private async connect(): Promise<void> {
    clearTimeout(this.retry);
    const token = await this.options.token().catch(() => undefined);
    // Somebody else may have connected meanwhile, or ended the session.
    if (this.connection !== undefined || this.stopped) {
      return;
    }
    if (token === undefined) {
      this.later();
      return;
    }
    const socket = (this.options.open ?? ((url) => new WebSocket(url)))(this.options.url);
    this.connection = new Connection(socket, token, {
      onReady: () => {
        this.tries = 0;
        this.subscriptions.forEach((subscription) => this.ask(subscription));
      },
      onFrame: (frame) => this.hear(frame),
      onEnd: () => {
        this.connection = undefined;
        this.later();
      },
    });
  }

  private later(): void {
    if (this.stopped || this.subscriptions.size === 0) {
      return;
    }
    const wait = Math.min(LONGEST_WAIT, 250 * 2 ** this.tries) * (0.5 + Math.random() / 2);
    this.tries += 1;
    this.retry = setTimeout(() => void this.connect(), wait);
  }

  private hear(frame: Frame): void {
    if (frame.type === "error" && frame.data.status === 401) {
      this.options.refused();
    }
    const subscription = this.subscriptions.get(keyOf(frame));
    if (subscription === undefined) {
      return;
    }
    if (frame.id) {
      subscription.after = frame.id;
    }
    subscription.listeners.forEach((listener) => listener(frame));
    if (frame.type === "stream.closed") {
      // This one has ended, the connection has not.
      setTimeout(() => subscription.listeners.size > 0 && this.ask(subscription), AGAIN);
    }
  }
}

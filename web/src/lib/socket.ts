/** One connection per tab for all that is live. It comes back by itself and misses nothing: each subscription goes on
 * after the last durable frame that it has heard. Where WebSockets do not come through, server-sent events do it. */
import { Connection } from "./connection";
import { followEvents } from "./eventStream";
import { type Frame, keyOf, type Listener, type Topic } from "./topic";

interface Subscription {
  topic: Topic;
  /** Undefined: from now on. */
  after: string | number | undefined;
  listeners: Set<Listener>;
  /** How often it was asked for in vain, and when it is asked for again. */
  tries: number;
  retry?: ReturnType<typeof setTimeout>;
  /** Ends its server-sent events, where it has some. */
  unfollow?: () => void;
}

/** By what the tab hears of changes. */
export type Transport = "none" | "websocket" | "events";

export interface Options {
  url: string;
  /** A token that is valid now; undefined where there is no session. */
  token: () => Promise<string | undefined>;
  /** The token was refused: the session may have ended. */
  refused: () => void;
  open?: (url: string) => WebSocket;
}

/** Pauses between tries, in milliseconds. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 15_000;
const FIRST_PAUSE = 1_000;
/** The longest pause between two tries of a subscription, and of a WebSocket while server-sent events stand in. */
const LONGEST_PAUSE = 60_000;
/** After so many WebSockets on which nothing was heard, server-sent events are tried. */
const MISSES = 3;

/** Grows with each try; not all tabs come at once. */
function pause(first: number, longest: number, tries: number): number {
  return Math.min(longest, first * 2 ** tries) * (0.5 + Math.random() / 2);
}

export class Live {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly watchers = new Set<() => void>();
  private connection: Connection | undefined;
  private tries = 0;
  private misses = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private now: Transport = "none";

  constructor(private readonly options: Options) {
    globalThis.addEventListener("online", this.look);
    // The device may have slept.
    document.addEventListener("visibilitychange", this.look);
  }

  /** By what changes are heard of at the moment. */
  get transport(): Transport {
    return this.now;
  }

  /** Tells of every change of the transport until the function that is returned is called. */
  readonly onChange = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hears of a topic from a position on, else from now, until the function that is returned is called. */
  subscribe(topic: Topic, after: string | number | undefined, listener: Listener): () => void {
    const key = keyOf(topic);
    const subscription = this.subscriptions.get(key) ?? { topic, after, listeners: new Set(), tries: 0 };
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
        this.leave(subscription);
        this.connection?.say({ type: "unsubscribe", ...topic });
      }
    };
  }

  /** Hears again what came after a position: what was read there may be older than what was heard meanwhile. */
  rewind(topic: Topic, after: string | number): void {
    const subscription = this.subscriptions.get(keyOf(topic));
    if (subscription !== undefined) {
      subscription.after = after;
      // One that was refused is asked for when its pause is over, not sooner.
      if (subscription.retry === undefined) {
        this.ask(subscription);
      }
    }
  }

  /** Ends the connection and forgets everything, as at the end of a session. */
  stop(): void {
    this.stopped = true;
    this.subscriptions.forEach((subscription) => this.leave(subscription));
    this.subscriptions.clear();
    clearTimeout(this.retry);
    this.connection?.end();
    this.tries = this.misses = 0;
    this.change("none");
  }

  private ask(subscription: Subscription): void {
    const { topic, after } = subscription;
    this.leave(subscription);
    if (this.connection?.isReady === true) {
      this.connection.say({ type: "subscribe", ...topic, after });
    } else if (this.misses >= MISSES) {
      subscription.unfollow = followEvents({
        topic,
        after,
        token: this.options.token,
        onFrame: (frame) => this.hear(frame),
        onOpen: () => this.change("events"),
      });
    }
  }

  /** Ends what is under way for a subscription on this side. */
  private leave(subscription: Subscription): void {
    clearTimeout(subscription.retry);
    subscription.unfollow?.();
    subscription.retry = subscription.unfollow = undefined;
  }

  private change(transport: Transport): void {
    if (this.now !== transport) {
      this.now = transport;
      this.watchers.forEach((watcher) => watcher());
    }
  }

  /** Something has changed around here: looks whether the connection stands, or makes one at once. */
  private readonly look = (): void => {
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
        this.tries = this.misses = 0;
        this.change("websocket");
        this.subscriptions.forEach((subscription) => this.ask(subscription));
      },
      onFrame: (frame) => this.hear(frame),
      onEnd: (wasHeard) => this.ended(wasHeard),
    });
  }

  private ended(wasHeard: boolean): void {
    this.connection = undefined;
    this.misses = wasHeard ? 0 : this.misses + 1;
    if (this.now === "websocket") {
      this.change("none");
    }
    this.later();
    if (this.misses === MISSES && !this.stopped) {
      this.subscriptions.forEach((subscription) => this.ask(subscription));
    }
  }

  private later(): void {
    if (this.stopped || this.subscriptions.size === 0) {
      return;
    }
    const longest = this.now === "events" ? LONGEST_PAUSE : LONGEST_WAIT;
    this.retry = setTimeout(() => void this.connect(), pause(FIRST_WAIT, longest, this.tries));
    this.tries += 1;
  }

  private hear(frame: Frame): void {
    const reason = frame.data.reason;
    const isRefused = frame.type === "error" && frame.data.status === 401;
    const isEnded = frame.type === "stream.closed" && reason === "unauthorized";
    if (isRefused || isEnded) {
      this.options.refused();
    }
    const subscription = this.subscriptions.get(keyOf(frame));
    if (subscription === undefined) {
      return;
    }
    if (frame.id) {
      subscription.after = frame.id;
    }
    if (frame.type === "stream.caught_up") {
      subscription.tries = 0;
    }
    subscription.listeners.forEach((listener) => listener(frame));
    const isGone = frame.type === "error" ? frame.data.status === 404 : reason === "not_found";
    if ((frame.type === "error" || frame.type === "stream.closed") && !isRefused && !isEnded && !isGone) {
      this.again(subscription);
    }
  }

  /** Asks once more after a pause: this subscription has ended, the connection has not. */
  private again(subscription: Subscription): void {
    this.leave(subscription);
    subscription.retry = setTimeout(
      () => {
        subscription.retry = undefined;
        if (subscription.listeners.size > 0) {
          this.ask(subscription);
        }
      },
      pause(FIRST_PAUSE, LONGEST_PAUSE, subscription.tries),
    );
    subscription.tries += 1;
    if (this.now === "events" && ![...this.subscriptions.values()].some((one) => one.unfollow !== undefined)) {
      this.change("none");
    }
  }
}

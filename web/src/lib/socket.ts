/** One connection per tab for all that is live. It comes back by itself and misses nothing: each subscription goes on
 * after the last durable frame that it has heard. Where WebSockets do not come through, server-sent events do it. */
import { followEvents } from "./eventStream";
import { type Options as Way, Reconnecting } from "./reconnecting";
import { type Subscription, Subscriptions } from "./subscriptions";
import type { Frame, Listener, Topic } from "./topic";

/** By what the tab hears of changes. */
export type Transport = "none" | "websocket" | "events";

export interface Options extends Way {
  /** The token was refused: the session may have ended. */
  refused: () => void;
}

export class Live {
  private readonly subscriptions = new Subscriptions((subscription) => this.ask(subscription));
  private readonly watchers = new Set<() => void>();
  private readonly socket: Reconnecting;
  private current: Transport = "none";

  constructor(private readonly options: Options) {
    this.socket = new Reconnecting(options, {
      isWanted: () => !this.subscriptions.isEmpty,
      onReady: () => {
        this.change("websocket");
        this.subscriptions.askAll();
      },
      onFrame: (frame) => this.receive(frame),
      onEnd: () => this.ended(),
    });
  }

  /** By what changes are heard of at the moment. */
  readonly transport = (): Transport => this.current;

  /** Tells of every change of the transport until the function that is returned is called. */
  readonly onChange = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hears of a topic from a position on, else from now, until the function that is returned is called. */
  subscribe(topic: Topic, after: string | number | undefined, listener: Listener): () => void {
    const subscription = this.subscriptions.add(topic, after, listener);
    this.socket.start();
    return () => {
      if (this.subscriptions.remove(subscription, listener)) {
        this.socket.say({ type: "unsubscribe", ...topic });
      }
    };
  }

  /** Hears again what came after a position: what was read there may be older than what was heard meanwhile. */
  rewind(topic: Topic, after: string | number): void {
    const subscription = this.subscriptions.find(topic);
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
    this.subscriptions.clear();
    this.socket.stop();
    this.change("none");
  }

  private ask(subscription: Subscription): void {
    const { topic, after } = subscription;
    this.subscriptions.leave(subscription);
    if (this.socket.isReady) {
      this.socket.say({ type: "subscribe", ...topic, after });
    } else if (this.socket.isBlocked) {
      const onFrame = (frame: Frame) => this.receive(frame);
      const onOpen = () => this.change("events");
      subscription.unfollow = followEvents({ topic, after, token: this.options.token, onFrame, onOpen });
    }
  }

  private change(transport: Transport): void {
    if (this.current !== transport) {
      this.current = transport;
      this.watchers.forEach((watcher) => watcher());
    }
  }

  private ended(): void {
    if (this.current === "websocket") {
      this.change("none");
    }
    if (this.socket.isBlocked && !this.subscriptions.isFollowing) {
      this.subscriptions.askAll();
    }
  }

  private receive(frame: Frame): void {
    const end = endOf(frame);
    if (end === "session") {
      this.options.refused();
    }
    const subscription = this.subscriptions.find(frame);
    if (subscription === undefined) {
      return;
    }
    subscription.after = frame.id ? frame.id : subscription.after;
    if (frame.type === "stream.caught_up") {
      subscription.tries = 0;
    }
    subscription.listeners.forEach((listener) => listener(frame));
    if (end === "for now") {
      this.subscriptions.askLater(subscription);
      if (this.current === "events" && !this.subscriptions.isFollowing) {
        this.change("none");
      }
    }
  }
}

/** What a frame ends: the session, the right to follow its topic, or only the stream, which can be asked for again. */
function endOf({ type, data }: Frame): "session" | "right" | "for now" | undefined {
  if (type !== "error" && type !== "stream.closed") {
    return undefined;
  }
  if (data.status === 401 || data.reason === "unauthorized") {
    return "session";
  }
  return data.status === 404 || data.reason === "not_found" ? "right" : "for now";
}

/** What the tab follows, and when it is asked for again. */
import { keyOf, type Listener, type Topic } from "./topic";

export interface Subscription {
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

/** The first and the longest pause between two tries of a subscription, in milliseconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** Grows with each try; not all tabs come at once. */
export function pause(first: number, longest: number, tries: number): number {
  return Math.min(longest, first * 2 ** tries) * (0.5 + Math.random() / 2);
}

export class Subscriptions {
  private readonly byKey = new Map<string, Subscription>();

  /** `ask` asks the server for one, by whatever way there is. */
  constructor(private readonly ask: (subscription: Subscription) => void) {}

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** Whether any is followed by server-sent events. */
  get isFollowing(): boolean {
    return [...this.byKey.values()].some(({ unfollow }) => unfollow !== undefined);
  }

  find(topic: { conversation_id?: string; channel?: string }): Subscription | undefined {
    return this.byKey.get(keyOf(topic));
  }

  /** Adds a listener; the server is asked where it is the first one, or where it wants to hear from a position on. */
  add(topic: Topic, after: string | number | undefined, listener: Listener): Subscription {
    const subscription = this.find(topic) ?? { topic, after, listeners: new Set(), tries: 0 };
    this.byKey.set(keyOf(topic), subscription);
    if (subscription.listeners.size === 0 || after !== undefined) {
      // Who listens already hears some of it again.
      subscription.after = after ?? subscription.after;
      this.ask(subscription);
    }
    subscription.listeners.add(listener);
    return subscription;
  }

  /** Takes a listener away; true where it was the last one. */
  remove(subscription: Subscription, listener: Listener): boolean {
    subscription.listeners.delete(listener);
    const isLast = subscription.listeners.size === 0 && this.find(subscription.topic) === subscription;
    if (isLast) {
      this.byKey.delete(keyOf(subscription.topic));
      this.leave(subscription);
    }
    return isLast;
  }

  askAll(): void {
    this.byKey.forEach((subscription) => this.ask(subscription));
  }

  clear(): void {
    this.byKey.forEach((subscription) => this.leave(subscription));
    this.byKey.clear();
  }

  /** Ends what is under way for a subscription on this side. */
  leave(subscription: Subscription): void {
    clearTimeout(subscription.retry);
    subscription.unfollow?.();
    subscription.retry = subscription.unfollow = undefined;
  }

  /** Asks once more after a pause: this subscription has ended, the connection has not. */
  askLater(subscription: Subscription): void {
    this.leave(subscription);
    const again = () => {
      subscription.retry = undefined;
      if (subscription.listeners.size > 0) {
        this.ask(subscription);
      }
    };
    subscription.retry = setTimeout(again, pause(FIRST_PAUSE, LONGEST_PAUSE, subscription.tries));
    subscription.tries += 1;
  }
}

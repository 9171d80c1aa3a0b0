/** A request of an operation, and its reply. */

import type { Page } from "./call.js";

/** What an operation returned, with its headers. */
export class Reply<T> {
  constructor(
    readonly value: T,
    readonly headers: Headers,
  ) {}

  /** The version of the object, for `ifMatch`. */
  get etag(): string | undefined {
    return this.headers.get("ETag") ?? undefined;
  }

  /** The path of the created object or job. */
  get location(): string | undefined {
    return this.headers.get("Location") ?? undefined;
  }

  /** The log position that the reply includes, for `minPosition`. */
  get position(): number | undefined {
    const position = this.headers.get("ConvoSphere-Position");
    return position === null ? undefined : Number(position);
  }

  /** Identifies the request in the log of the server. */
  get requestId(): string | undefined {
    return this.headers.get("X-Request-Id") ?? undefined;
  }
}

/** A request that is sent when it is awaited; {@link Request.reply} returns the headers too. */
export class Request<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = "Request";
  readonly #send: () => Promise<Reply<T>>;
  #reply: Promise<Reply<T>> | undefined;

  constructor(send: () => Promise<Reply<T>>) {
    this.#send = send;
  }

  /** Sends the request, once. */
  reply(): Promise<Reply<T>> {
    this.#reply ??= this.#send();
    return this.#reply;
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.reply()
      .then(({ value }) => value)
      .then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }
}

type ItemOf<P extends Page> = P extends Page<infer Item> ? Item : never;

/** A request for a page of a list. */
export class ListRequest<P extends Page> extends Request<P> {
  readonly #next: (cursor: string) => ListRequest<P>;

  constructor(send: () => Promise<Reply<P>>, next: (cursor: string) => ListRequest<P>) {
    super(send);
    this.#next = next;
  }

  /** All items from this page on; the next page is requested when its items are needed. */
  async *items(): AsyncGenerator<ItemOf<P>, void, undefined> {
    let request: ListRequest<P> | undefined = this;
    while (request) {
      const page: P = await request;
      yield* page.items as ItemOf<P>[];
      request = page.next_cursor ? this.#next(page.next_cursor) : undefined;
    }
  }
}

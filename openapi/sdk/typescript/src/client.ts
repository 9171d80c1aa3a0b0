/** The client and its settings. */

import { type Call, type Page, type Schemas, withKey } from "./call.js";
import { JobError } from "./errors.js";
import { Operations } from "./operations.js";
import { ListRequest, Reply, Request } from "./request.js";
import { type Credentials, Session } from "./session.js";
import { follow, type Frames, type StreamOptions } from "./stream.js";
import { open, receive, sleep, type Transport } from "./transport.js";

export interface Settings extends Credentials {
  /** How long a request may take, except uploads, downloads and streams, in milliseconds. 60,000 by default. */
  timeout?: number;
  /** How often a request is repeated after a transient failure. 4 times by default. */
  retries?: number;
  /** How long a stream that has lost its connection tries to reconnect, in milliseconds. 120,000 by default. */
  patience?: number;
  /** Replaces `fetch`. */
  fetch?: typeof fetch;
  /** Replaces the pauses between attempts, such as in tests. Rejects when the signal is aborted. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A client of the server at a URL such as `https://chat.example.org`. */
export class Client extends Operations {
  readonly #transport: Transport;
  readonly #session: Session;
  readonly #patience: number;

  constructor(baseUrl: string, settings: Settings = {}) {
    super();
    if (!/^https?:\/\/[^/]/.test(baseUrl)) {
      throw new TypeError(`${baseUrl} is not the URL of a server, such as https://chat.example.org`);
    }
    const { fetch: send = fetch, timeout = 60_000, retries = 4 } = settings;
    // Browsers refuse to call `fetch` as a method of another object.
    const http = { fetch: ((url, init) => send(url, init)) as typeof fetch, sleep: settings.sleep ?? sleep };
    this.#transport = { ...http, baseUrl, retries, timeout };
    this.#session = new Session(this.#transport, settings);
    this.#patience = settings.patience ?? 120_000;
  }

  /** Waits until a job has ended, also over restarts of the server. Throws a {@link JobError} unless it completed. */
  async waitForJob(id: string, options: Pick<StreamOptions, "signal"> = {}): Promise<Schemas["Job"]> {
    for await (const frame of this.streamJob(id, options)) {
      if (frame.type === "job.ended") {
        if (frame.data.status !== "completed") {
          throw new JobError(frame.data);
        }
        return frame.data;
      }
    }
    return this.getJob(id);
  }

  protected request<T>(call: Call): Request<T> {
    return new Request(() => this.#fetch<T>(call));
  }

  protected list<P extends Page>(call: Call): ListRequest<P> {
    const next = (cursor: string) => this.list<P>({ ...call, query: { ...call.query, cursor } });
    return new ListRequest(() => this.#fetch<P>(call), next);
  }

  protected download(call: Call): Request<Response> {
    return new Request(async () => {
      const response = await this.#send(open, call);
      return new Reply(response, response.headers);
    });
  }

  protected follow(path: Call["path"], options: StreamOptions): Frames {
    const connect = (call: Call) => this.#send(open, call);
    return follow(path, options, { connect, sleep: this.#transport.sleep, patience: this.#patience });
  }

  async #fetch<T>(call: Call): Promise<Reply<T>> {
    const { headers, body } = await this.#send(receive, call);
    return new Reply((body === "" ? undefined : JSON.parse(body)) as T, headers);
  }

  /** Sends a call with the token of the session. */
  async #send<T>(send: (transport: Transport, call: Call, token?: string) => Promise<T>, unsent: Call): Promise<T> {
    const call = withKey(unsent);
    const token = await this.#session.token();
    try {
      return await send(this.#transport, call, token);
    } catch (error) {
      if (!this.#session.canReplaceToken(error)) {
        throw error;
      }
      return await send(this.#transport, call, await this.#session.token(token));
    }
  }
}

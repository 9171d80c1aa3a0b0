/** The access token of a client: given, or obtained with a password and renewed before it expires. */

import type { Call, Schemas } from "./call.js";
import { ProblemError } from "./errors.js";
import { receive, type Transport } from "./transport.js";

/** Renews a token this many milliseconds before it expires. */
const MARGIN = 30_000;

export interface Credentials {
  /** An access token. */
  token?: string | undefined;
  /** With `password`: logs in before the first request, and renews the token before it expires. */
  email?: string | undefined;
  password?: string | undefined;
}

/** Its fields are private, so that logs do not contain them. */
export class Session {
  #transport: Transport;
  #login: Schemas["Login"] | undefined;
  #access: string | undefined;
  #refresh: string | undefined;
  #expires = 0;
  /** The request that obtains a token; concurrent requests share it. */
  #pending: Promise<string> | undefined;

  constructor(transport: Transport, { token, email, password }: Credentials) {
    if ((email === undefined) !== (password === undefined) || (token !== undefined && email !== undefined)) {
      throw new TypeError("a client takes a token, or an email address and a password");
    }
    this.#transport = transport;
    this.#access = token;
    this.#login = email !== undefined && password !== undefined ? { email, password } : undefined;
  }

  /** Whether the server rejected a token that can be replaced. */
  canReplaceToken(error: unknown): boolean {
    return error instanceof ProblemError && error.status === 401 && this.#login !== undefined;
  }

  /** A valid access token. `rejected` is one that the server no longer accepts. */
  async token(rejected?: string): Promise<string | undefined> {
    const isValid = this.#access !== undefined && this.#access !== rejected && performance.now() < this.#expires;
    if (this.#login === undefined || isValid) {
      return this.#access;
    }
    this.#pending ??= this.#obtain(this.#login).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #obtain(login: Schemas["Login"]): Promise<string> {
    const tokens = (await this.#renew()) ?? (await this.#fetch("login", login));
    this.#access = tokens.access_token;
    this.#refresh = tokens.refresh_token ?? undefined;
    this.#expires = performance.now() + tokens.expires_in * 1_000 - MARGIN;
    return tokens.access_token;
  }

  /** Renews the tokens; undefined if there is no session, or it has ended. */
  async #renew(): Promise<Schemas["TokenPair"] | undefined> {
    const refresh = this.#refresh;
    this.#refresh = this.#access = undefined;
    if (refresh === undefined) {
      return undefined;
    }
    try {
      return await this.#fetch("refresh", { refresh_token: refresh });
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) {
        return undefined;
      }
      throw error;
    }
  }

  async #fetch(operation: string, body: unknown): Promise<Schemas["TokenPair"]> {
    const call: Call = { method: "POST", path: ["auth", operation], body, repeat: "once" };
    return JSON.parse((await receive(this.#transport, call)).body) as Schemas["TokenPair"];
  }
}

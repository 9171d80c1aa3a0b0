/** A server that answers each connection with the next prepared response. */

import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";

import { Client, type Settings } from "@convosphere/sdk";

/** A connection that is closed without a response. */
export const NOTHING = "";

/** Before a response after which the connection stays open. */
export const OPEN = "open ";

export interface ReceivedRequest {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
}

/** A complete response. */
export function response(status: string, body = "", headers: Record<string, string | number> = {}): string {
  const lines = Object.entries({ ...headers, "Content-Length": Buffer.byteLength(body), Connection: "close" });
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

export function ok(body: unknown): string {
  return response("200 OK", typeof body === "string" ? body : JSON.stringify(body));
}

/** An event stream that ends with its connection. */
export function events(frames: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n${frames}`;
}

export function problem(status: string, headers: Record<string, string | number> = {}): string {
  const body = {
    type: "urn:convosphere:problem:invalid",
    title: "Error",
    status: Number(status.split(" ")[0]),
    detail: "the name is too long",
    instance: "/",
    code: "invalid",
    request_id: "r1",
    errors: [{ pointer: "/name", code: "too_long", detail: "at most 40 characters" }],
  };
  return response(status, JSON.stringify(body), headers);
}

export const BUSY = problem("503 Service Unavailable", { "Retry-After": 0 });

export function user(name = "Ada") {
  const id = "01934b9e-0000-7000-8000-000000000001";
  return { id, version: 1, role: "user", display_name: name, suspended: false, created_at: "2026-11-30T09:41:00Z" };
}

export class Server {
  readonly requests: ReceivedRequest[] = [];
  /** What the client waited between attempts, in milliseconds; it is recorded instead of waited for. */
  readonly pauses: number[] = [];
  url = "";
  #reportClosed = () => {};
  /** When the client has closed a connection that stayed open. */
  readonly closed = new Promise<void>((resolve) => {
    this.#reportClosed = resolve;
  });
  stop: () => Promise<void> = () => Promise.resolve();

  static async start(t: TestContext, ...responses: string[]): Promise<Server> {
    const server = new Server();
    const connections = new Set<Socket>();
    const listener = createServer((connection) => {
      connections.add(connection);
      server.#serve(connection, responses);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    server.url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    server.stop = () => new Promise((resolve) => listener.close(() => resolve()));
    t.after(() => {
      listener.close();
      connections.forEach((connection) => connection.destroy());
    });
    return server;
  }

  client(settings: Settings = { token: "secret" }): Client {
    const sleep = (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      this.pauses.push(milliseconds);
      return Promise.resolve();
    };
    return new Client(this.url, { sleep, ...settings });
  }

  #serve(connection: Socket, responses: string[]) {
    let text = "";
    // Node also opens connections on which it then sends nothing.
    connection.on("data", (chunk) => {
      text += chunk.toString();
      const request = parseRequest(text);
      if (request) {
        this.#answer(connection, request, responses.shift() ?? problem("500 No More Responses"));
      }
    });
  }

  #answer(connection: Socket, request: ReceivedRequest, prepared: string) {
    this.requests.push(request);
    if (prepared.startsWith(OPEN)) {
      connection.write(prepared.slice(OPEN.length));
      connection.on("close", this.#reportClosed);
    } else {
      connection.end(prepared, () => connection.destroy());
    }
  }
}

/** The request, once it is complete. */
function parseRequest(text: string): ReceivedRequest | undefined {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.split(": ")[0]?.toLowerCase(), line.split(": ")[1]]));
  const isComplete =
    headers["transfer-encoding"] === "chunked"
      ? body.endsWith("0\r\n\r\n")
      : rest.length > 0 && Buffer.byteLength(body) >= Number(headers["content-length"] ?? 0);
  const [method = "", target = ""] = first.split(" ");
  return isComplete ? { method, target, headers, body } : undefined;
}

/** A server for tests of parts, typed by the contract: it answers operations by their names, and nothing else. */
import { readFileSync } from "node:fs";
import { http, HttpResponse, type HttpHandler } from "msw";
import { setupServer } from "msw/node";
import type { generatedApi } from "../api/generated";

interface Contract {
  paths: Record<string, Record<string, { operationId: string }>>;
}

const contract = JSON.parse(readFileSync("../openapi/openapi.json", "utf8")) as Contract;

type Endpoints = typeof generatedApi.endpoints;
type Operation = keyof Endpoints;
type Answer<O extends Operation> = Endpoints[O]["Types"]["ResultType"];
type Method = "get" | "post" | "patch" | "put" | "delete";

/** What the server says when it refuses. */
interface Refusal {
  status: number;
  code: string;
  detail: string;
  errors?: { pointer: string; code: string; detail: string }[];
}

/** The request of each operation that was asked, in order. */
export const asked: { operation: Operation; url: string; body: unknown; key: string | null }[] = [];

export const server = setupServer();

function handler(operation: Operation, respond: () => Response | Promise<Response>): HttpHandler {
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      if (operationId === operation) {
        const route = `*${path.replace(/\{(\w+)\}/g, ":$1")}`;
        return http[method as Method](route, async ({ request }) => {
          const text = await request.text();
          const isJson = (request.headers.get("content-type") ?? "").includes("json");
          const body = isJson && text !== "" ? (JSON.parse(text) as unknown) : undefined;
          asked.push({ operation, url: request.url, body, key: request.headers.get("Idempotency-Key") });
          return respond();
        });
      }
    }
  }
  throw new Error(`the contract has no ${operation}`);
}

/** From now on an operation is answered with this. */
export function answer<O extends Operation>(operation: O, body: Answer<O>): void {
  server.use(handler(operation, () => HttpResponse.json(body as object | null)));
}

/** From now on an operation is refused, as the server refuses: a problem with the id of the request. */
export function refuse(operation: Operation, { status, ...problem }: Refusal): void {
  const body = { errors: [], request_id: "request-7", ...problem };
  const headers = { "Content-Type": "application/problem+json" };
  server.use(handler(operation, () => HttpResponse.json(body, { status, headers })));
}

/** From now on an operation is answered by whatever this gives, a proxy's page or no answer at all among it. */
export function respond(operation: Operation, respond: () => Response | Promise<Response>): void {
  server.use(handler(operation, respond));
}

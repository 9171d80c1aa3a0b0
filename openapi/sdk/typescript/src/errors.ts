/** What can go wrong with a request. */

import type { Schemas } from "./call.js";

export type Problem = Schemas["Problem"];

/** The base of the errors of this package. */
export abstract class ConvoSphereError extends Error {
  /** Whether the same request can succeed later. */
  abstract readonly isTransient: boolean;
  /** Whether the server may have executed the request. */
  abstract readonly mayBeExecuted: boolean;
}

/** The server refused the request or could not execute it. */
export class ProblemError extends ConvoSphereError {
  override readonly name = "ProblemError";

  constructor(
    readonly problem: Problem,
    /** When the server suggests to try again, in seconds. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail);
  }

  /** The HTTP status. */
  get status(): number {
    return this.problem.status;
  }

  /** A stable code, such as `not_found`. */
  get code(): string {
    return this.problem.code;
  }

  /** The errors of single fields. */
  get errors(): Problem["errors"] {
    return this.problem.errors;
  }

  /** Identifies the request in the log of the server. */
  get requestId(): string {
    return this.problem.request_id;
  }

  get isTransient(): boolean {
    return [429, 502, 503, 504].includes(this.status);
  }

  get mayBeExecuted(): boolean {
    return ![429, 503].includes(this.status);
  }

  /** The error of a field, by its JSON pointer, such as `/email`, or the name of a parameter. */
  field(pointer: string): Problem["errors"][number] | undefined {
    return this.errors.find((field) => field.pointer === pointer);
  }
}

/** No complete response arrived. */
export class NetworkError extends ConvoSphereError {
  override readonly name = "NetworkError";
  readonly isTransient = true;

  constructor(cause: unknown) {
    super(causes(cause).map(String).join(": "), { cause });
  }

  /** Browsers do not tell whether there was a connection. */
  get mayBeExecuted(): boolean {
    const unconnected = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];
    return !causes(this.cause).some((cause) => unconnected.includes((cause as { code?: string }).code ?? ""));
  }
}

/** A job did not complete. */
export class JobError extends ConvoSphereError {
  override readonly name = "JobError";
  readonly isTransient = false;
  readonly mayBeExecuted = true;

  constructor(readonly job: Schemas["Job"]) {
    super(job.error ?? job.status);
  }
}

/** An error with its causes; only the last says what happened. */
function causes(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

/** The problem in the body of a response. A proxy may have answered with something else. */
export function problemOf(response: Response, body: string): ProblemError {
  const seconds = response.headers.get("Retry-After") ?? "";
  return new ProblemError(parse(body) ?? unknownProblem(response), /^\d+$/.test(seconds) ? Number(seconds) : undefined);
}

function parse(body: string): Problem | undefined {
  try {
    const problem = JSON.parse(body) as Problem | null;
    return typeof problem?.code === "string" && Array.isArray(problem.errors) ? problem : undefined;
  } catch {
    return undefined;
  }
}

function unknownProblem(response: Response): Problem {
  const status = `${response.status} ${response.statusText}`.trim();
  return {
    type: "about:blank",
    title: response.statusText || "Error",
    status: response.status,
    detail: `the server, or a proxy in front of it, answered ${status} without a reason`,
    instance: "",
    code: "unknown",
    request_id: response.headers.get("X-Request-Id") ?? "",
    errors: [],
  };
}

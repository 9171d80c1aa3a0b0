/** What the server says when it refuses: application/problem+json. */
import i18next from "i18next";

export interface Problem {
  /** 0 where the server was not reached. */
  status: number;
  code: string;
  /** For people, in the language of the page. */
  detail: string;
  /** What the server said, in English, for troubleshooting. */
  cause?: string;
  request_id?: string;
  /** What is wrong with single fields, in the language of the page. */
  errors: { pointer: string; code: string; detail: string }[];
}

/** The problem in an error of a query, whatever form it came in. */
export function problemOf(error: unknown): Problem {
  const failed = error as { status?: unknown; originalStatus?: unknown; data?: unknown } | undefined;
  const data = failed?.data as Partial<Problem> | null | undefined;
  const status = [failed?.originalStatus, failed?.status].find((one) => typeof one === "number") ?? 0;
  if (typeof data?.code === "string") {
    const errors = (data.errors ?? []).map((one) => ({ ...one, detail: textOf(one.code) ?? one.detail }));
    return {
      status,
      code: data.code,
      // Where a single field is to blame, it says more than that something is invalid.
      detail: errors[0]?.detail ?? textOf(data.code) ?? i18next.t("app.failed"),
      cause: data.detail,
      request_id: data.request_id,
      errors,
    };
  }
  const code = strangerOf(failed, status);
  const detail = code === "unreachable" ? "" : i18next.t(`app.stranger.${code}`, { status });
  return { status, code, detail, errors: [] };
}

/** What answered in the place of the server: whatever has no code was said by something in between. A redirect has the
 * status 0 and no error of its own, as its address is not to be seen. */
function strangerOf(failed: { status?: unknown; error?: unknown } | undefined, status: number) {
  if (status === 0) {
    const wasRedirected = failed?.status === 0 && !("error" in failed) && !(failed instanceof Error);
    return wasRedirected ? "signIn" : "unreachable";
  }
  if (status < 400 || status === 401 || status === 403 || status === 407 || status === 511) {
    return "signIn";
  }
  if (status === 413) {
    return "tooLarge";
  }
  return status >= 500 ? "noServer" : "other";
}

/** How large a body may be, in bytes, where it was too large and the server says so. */
export function limitOf({ code, cause = "" }: Problem): number | undefined {
  const limit = code === "too_large" ? /at most (\d+) bytes/.exec(cause)?.[1] : undefined;
  return limit === undefined ? undefined : Number(limit);
}

/** Whether the same request may well succeed in a moment. */
export function isTransient(error: unknown): boolean {
  const { status, code } = problemOf(error);
  const isStranger = code === "unreachable" || code === "noServer" || code === "signIn";
  return isStranger || status >= 500 || status === 429;
}

/** Undefined for the code of a newer server. */
function textOf(code: string): string | undefined {
  const text: string = i18next.t(code, { ns: "problems", defaultValue: "" });
  return text || undefined;
}

/** The text of an error for people; `otherwise` where the server sent none. */
export function wordsOf(error: unknown, otherwise: string): string {
  return problemOf(error).detail || otherwise;
}

/** What is wrong with each field, by its name. */
export function fieldErrors(problem: Problem): Record<string, string> {
  return Object.fromEntries(
    problem.errors.map((error) => [error.pointer.replace(/^\/?([^/]*).*$/, "$1"), error.detail]),
  );
}

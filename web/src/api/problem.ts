/** What the server says when it refuses: application/problem+json. */
import i18next from "i18next";
import { problems } from "../lib/texts/problems.de";

/** The server speaks English; `detail` is in the language of the page, as far as the code says enough. */
export interface Problem {
  /** 0 where the server was not reached. */
  status: number;
  code: string;
  detail: string;
  request_id?: string;
  errors: { pointer: string; code: string; detail: string }[];
}

/** The problem in an error of a query, whatever form it came in. */
export function problemOf(error: unknown): Problem {
  const failed = error as { status?: unknown; data?: unknown } | undefined;
  const data = failed?.data as Partial<Problem> | undefined;
  if (typeof data?.code === "string") {
    return {
      status: typeof failed?.status === "number" ? failed.status : 0,
      code: data.code,
      detail: said(data.code, data.detail ?? ""),
      request_id: data.request_id,
      errors: (data.errors ?? []).map((one) => ({ ...one, detail: said(one.code, one.detail) })),
    };
  }
  return { status: 0, code: "unreachable", detail: "", errors: [] };
}

function said(code: string, detail: string): string {
  return (i18next.language === "de" ? problems[code] : undefined) ?? detail;
}

/** What a person is told of an error; `otherwise` where no server said anything. */
export function wordsOf(error: unknown, otherwise: string): string {
  return problemOf(error).detail || otherwise;
}

/** What is wrong with each field, by its name. */
export function fieldErrors(problem: Problem): Record<string, string> {
  return Object.fromEntries(
    problem.errors.map((error) => [error.pointer.replace(/^\/?([^/]*).*$/, "$1"), error.detail]),
  );
}

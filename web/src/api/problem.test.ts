import { afterEach, expect, it } from "vitest";
import { speak } from "../lib/i18n";
import { fieldErrors, isTransient, problemOf, wordsOf } from "./problem";

const refusal = {
  status: 422,
  data: {
    code: "invalid",
    detail: "temperature must be between 0 and 2",
    request_id: "r-1",
    errors: [{ pointer: "/temperature", code: "invalid_temperature", detail: "temperature must be between 0 and 2" }],
  },
};

afterEach(() => speak("en"));

it("tells what the server has refused, at its field, and keeps the words of the server for the details", () => {
  const problem = problemOf(refusal);
  expect(problem).toMatchObject({
    status: 422,
    code: "invalid",
    request_id: "r-1",
    detail: "Enter a number between 0 and 2.",
    cause: "temperature must be between 0 and 2",
  });
  expect(fieldErrors(problem)).toEqual({ temperature: "Enter a number between 0 and 2." });
});

it("speaks the language of the page", async () => {
  await speak("de");
  expect(fieldErrors(problemOf(refusal))).toEqual({ temperature: "Geben Sie eine Zahl zwischen 0 und 2 ein." });
  const archived = { status: 409, data: { code: "archived", detail: "the conversation is archived" } };
  expect(problemOf(archived).detail).toContain("Dieser Chat ist archiviert.");
});

it("has words of its own for the code of a newer server, but not for that of a field", () => {
  const errors = [{ pointer: "/size", code: "newer", detail: "size must be odd" }];
  expect(problemOf({ status: 409, data: { code: "newer", detail: "as it is" } })).toMatchObject({
    detail: "Something went wrong.",
    cause: "as it is",
  });
  expect(fieldErrors(problemOf({ status: 422, data: { code: "invalid", errors } }))).toEqual({
    size: "size must be odd",
  });
});

it("knows when nobody has answered", () => {
  expect(problemOf({ status: "FETCH_ERROR", error: "x" })).toMatchObject({ status: 0, code: "unreachable" });
  expect(wordsOf({ status: "FETCH_ERROR" }, "nobody")).toBe("nobody");
});

const html = "<html><body>Bad gateway</body></html>";
const page = (originalStatus: number) => ({ status: "PARSING_ERROR", originalStatus, data: html, error: "x" });

it.each([
  ["signIn", page(200), "sign in"],
  ["signIn", page(401), "sign in"],
  ["signIn", page(403), "sign in"],
  ["signIn", page(511), "sign in"],
  // A redirect, which the browser does not show.
  ["signIn", { status: 0, data: null }, "sign in"],
  ["signIn", Object.assign(new Error(), { status: 302, data: undefined }), "sign in"],
  ["tooLarge", page(413), "too large"],
  ["tooLarge", Object.assign(new Error(), { status: 413, data: null }), "413"],
  ["noServer", page(502), "502"],
  ["noServer", { status: 504, data: null }, "504"],
  ["noServer", Object.assign(new Error(), { status: 503, data: "<p>" }), "503"],
  ["other", page(418), "418"],
] as const)("names a proxy that speaks in place of the server: %s", (code, error, word) => {
  const problem = problemOf(error);
  expect(problem.code).toBe(code);
  expect(problem.detail).toContain(word);
});

it("tries again what passes, and nothing else", () => {
  const server = (status: number) => ({ status, data: { code: "x", detail: "x" } });
  const passing = [page(502), page(200), { status: "FETCH_ERROR" }, server(500), server(503), server(429)];
  const lasting = [page(413), page(418), server(404), server(422), server(403), server(409)];
  expect(passing.map(isTransient)).not.toContain(false);
  expect(lasting.map(isTransient)).not.toContain(true);
});

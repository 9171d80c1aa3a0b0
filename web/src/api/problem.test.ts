import i18next from "i18next";
import { afterEach, expect, it } from "vitest";
import { fieldErrors, problemOf, wordsOf } from "./problem";

const refusal = {
  status: 422,
  data: {
    code: "invalid",
    detail: "temperature must lie between 0 and 2",
    request_id: "r-1",
    errors: [{ pointer: "/temperature", code: "invalid_temperature", detail: "temperature must lie between 0 and 2" }],
  },
};

afterEach(() => void i18next.changeLanguage("en"));

it("tells what the server has refused, at its field", () => {
  const problem = problemOf(refusal);
  expect(problem).toMatchObject({ status: 422, code: "invalid", request_id: "r-1" });
  expect(fieldErrors(problem)).toEqual({ temperature: "temperature must lie between 0 and 2" });
});

it("speaks the language of the page where the code says enough, else that of the server", async () => {
  await i18next.changeLanguage("de");
  expect(fieldErrors(problemOf(refusal))).toEqual({ temperature: "Die Temperatur muss zwischen 0 und 2 liegen." });
  expect(problemOf({ status: 409, data: { code: "something_new", detail: "as it is" } }).detail).toBe("as it is");
});

it("knows when nobody has answered", () => {
  expect(problemOf({ status: "FETCH_ERROR", error: "x" })).toMatchObject({ status: 0, code: "unreachable" });
  expect(wordsOf({ status: "FETCH_ERROR" }, "nobody")).toBe("nobody");
});

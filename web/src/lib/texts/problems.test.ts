import { expect, it } from "vitest";
import { failureCodes, problemCodes } from "../../test/errorCodes";
import { de } from "./de";
import { en } from "./en";

it.each([
  ["en", en],
  ["de", de],
])("has a text in %s for each error of the server, and no other", (_language, texts) => {
  expect(Object.keys(texts.problems).sort()).toEqual(problemCodes());
  expect(Object.keys(texts.failures.answer).sort()).toEqual(failureCodes("response"));
  expect(Object.keys(texts.failures.document).sort()).toEqual(failureCodes("document"));
});

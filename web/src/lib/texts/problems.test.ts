import { expect, it } from "vitest";
import { failureCodes, problemCodes } from "../../test/errorCodes";
import { ar } from "./ar";
import { de } from "./de";
import { en } from "./en";

it.each([
  ["en", en],
  ["de", de],
  ["ar", ar],
])("has a text in %s for each error of the server, and no other", (_language, texts) => {
  expect(Object.keys(texts.problems).sort()).toEqual(problemCodes());
  expect(Object.keys(texts.thread.failure).sort()).toEqual(failureCodes("response"));
  expect(Object.keys(texts.knowledge.failure).sort()).toEqual(failureCodes("document"));
});

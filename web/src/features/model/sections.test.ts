import { expect, it } from "vitest";
import type { Assistant, Model } from "./modelApi";
import { contextText, sectionsOf } from "./sections";

const model = (id: string, built_in = false) =>
  ({ id, name: id.split("/")[1], provider: id.split("/")[0], built_in, default: false, chat: true }) as Model;
const assistant = (id: string, fields: Partial<Assistant> = {}) =>
  ({ id, name: id, status: "active", is_default: false, ...fields }) as Assistant;

const shape = (assistants: Assistant[], models: Model[], favorites: string[] = []) =>
  sectionsOf(assistants, models, favorites).map(({ id, options }) => [id, options.map(({ key }) => key)]);

it("puts assistants first, then favourite models in their order, then the others by provider", () => {
  const models = [model("builtin/guide", true), model("b/one"), model("a/two"), model("b/three"), model("a/four")];
  expect(
    shape([assistant("default", { is_default: true }), assistant("x")], models, ["a/four", "gone/y", "b/one"]),
  ).toEqual([
    ["assistants", ["assistant:default", "assistant:x"]],
    ["favorites", ["model:a/four", "model:b/one"]],
    ["provider:a", ["model:a/two"]],
    ["provider:b", ["model:b/three"]],
    ["provider:builtin", ["model:builtin/guide"]],
  ]);
});

it("offers no assistants that cannot be used, and not the default one alone", () => {
  const others = [assistant("draft", { status: "draft" })];
  expect(shape([assistant("default", { is_default: true }), ...others], [])).toEqual([]);
});

it.each([
  [32_768, "32k"],
  [128_000, "128k"],
  [131_072, "128k"],
  [1_000_000, "1M"],
  [1_048_576, "1M"],
  [8_191, "8k"],
])("names a context window of %i tokens %s", (tokens, text) => {
  expect(contextText(tokens)).toBe(text);
});

it("leaves out models that cannot answer, favorites among them", () => {
  const embedder = { ...model("a/embed"), chat: false };
  expect(shape([], [embedder, model("a/chat")], ["a/embed"])).toEqual([["provider:a", ["model:a/chat"]]]);
});

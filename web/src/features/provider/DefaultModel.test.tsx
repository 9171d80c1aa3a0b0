import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { choose } from "../../test/choose";
import { GPT } from "../../test/providers";
import { show } from "../../test/show";
import { DefaultModel } from "./DefaultModel";

const MODELS = ["builtin/guide", "local/llama", "openai/gpt-5"];

function given(default_model: string, default_model_source: "automatic" | "administrator" | "configuration") {
  answer("getSettings", { version: 1, default_model, default_model_source });
  const items = MODELS.map((id) => ({
    ...GPT,
    id,
    name: id,
    provider: id.split("/")[0] ?? "",
    built_in: id === "builtin/guide",
    default: id === default_model,
  }));
  answer("listModels", { items });
}

function found() {
  return screen.findByRole<HTMLButtonElement>("button", { name: /Default model/ });
}

function shown() {
  return screen.getByRole("button", { name: /Default model/ }).textContent;
}

it("names the first model that worked, and makes another the default", async () => {
  given("local/llama", "automatic");
  show(<DefaultModel />);
  await found();
  expect(shown()).toBe("First available model: local/llama");
  answer("updateSettings", { version: 2, default_model: "openai/gpt-5", default_model_source: "administrator" });
  given("openai/gpt-5", "administrator");
  await choose(/Default model/, "openai/gpt-5");
  await expect.poll(shown).toBe("openai/gpt-5");
  const change = asked.find(({ operation }) => operation === "updateSettings");
  expect(change?.body).toEqual({ default_model: "openai/gpt-5" });
  await choose(/Default model/, "First available model");
  await expect
    .poll(() => asked.filter(({ operation }) => operation === "updateSettings").at(-1)?.body)
    .toEqual({
      default_model: null,
    });
});

it("says that the configuration decides", async () => {
  given("gone/model", "configuration");
  show(<DefaultModel />);
  expect((await found()).disabled).toBe(true);
  expect(shown()).toBe("gone/model");
  screen.getByText(/models\.default/);
});

it("shows why a choice was refused", async () => {
  given("local/llama", "automatic");
  show(<DefaultModel />);
  await found();
  refuse("updateSettings", { status: 409, code: "set_by_configuration", detail: "remove it there first" });
  await choose(/Default model/, "openai/gpt-5");
  await screen.findByText(/set in the server's configuration/);
});

it("calls the built-in guide by its name", async () => {
  given("builtin/guide", "administrator");
  show(<DefaultModel />);
  await found();
  expect(shown()).toBe("Built-in guide");
});

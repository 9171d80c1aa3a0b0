import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { answer } from "../test/contract";
import { GPT, OLLAMA } from "../test/providers";
import { show } from "../test/show";
import { Component as ConnectPage } from "./ConnectPage";

it("says after connecting what was found and which model answers, and leads to the chat", async () => {
  answer("listLocalServers", { items: [] });
  answer("listProviders", { items: [] });
  answer("createProvider", OLLAMA);
  answer("listModels", { items: [{ ...GPT, id: "ollama/llama", name: "llama", provider: "ollama" }] });
  answer("getSettings", { version: 1, default_model: "ollama/llama", default_model_source: "automatic" });
  show(<ConnectPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Connect" }));
  const main = within(await screen.findByRole("main"));
  await main.findByText("1 model found.");
  expect(main.getByRole("button", { name: /Default model/ }).textContent).toContain("ollama/llama");
  expect(main.getByRole("link", { name: "Start chatting" }).getAttribute("href")).toBe("/");
});

import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { answer, asked } from "../../test/contract";
import { GPT, OLLAMA } from "../../test/providers";
import { show } from "../../test/show";
import { ProviderList } from "./ProviderList";

const OPENAI = { ...OLLAMA, name: "openai", base_url: "https://api.openai.com/v1", has_api_key: true };

beforeEach(() => {
  answer("listModels", { items: [GPT] });
  answer("listProviders", { items: [OPENAI] });
});

async function edit() {
  show(<ProviderList />);
  await userEvent.click(await screen.findByRole("button", { name: "Actions for openai" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Edit" }));
  return within(await screen.findByRole("dialog", { name: "Edit openai" }));
}

const sent = () => asked.find(({ operation }) => operation === "updateProvider")?.body;

it("replaces a key and leaves everything else", async () => {
  answer("updateProvider", OPENAI);
  const dialog = await edit();
  await userEvent.type(dialog.getByLabelText("New API key"), "sk-2");
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  await expect.poll(sent).toEqual({ api_key: "sk-2" });
});

it("sends no key that is kept, and removes one at request", async () => {
  answer("updateProvider", OPENAI);
  const dialog = await edit();
  await userEvent.type(dialog.getByLabelText("Additional models"), "gpt-6\n  gpt-7 ");
  await userEvent.click(dialog.getByRole("checkbox", { name: "Remove the current key" }));
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  await expect.poll(sent).toEqual({ api_key: null, models: ["gpt-6", "gpt-7"] });
});

it("never sends a stored key to another address", async () => {
  answer("updateProvider", OPENAI);
  const dialog = await edit();
  await userEvent.clear(dialog.getByLabelText("Base URL"));
  await userEvent.type(dialog.getByLabelText("Base URL"), "https://llm.example.org/v1");
  dialog.getByText(/Enter the key again for the new address/);
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  await expect.poll(sent).toEqual({ base_url: "https://llm.example.org/v1", api_key: null });
});

it("shows where a provider is, how many models it has, and asks it again", async () => {
  answer("testProvider", { ...OPENAI, health: "unreachable", fault: "unauthorized" });
  show(<ProviderList />);
  const row = within((await screen.findByText("openai")).closest("tr") as HTMLElement);
  expect(row.getByText("api.openai.com/v1")).toBeTruthy();
  await row.findByRole("cell", { name: "1" });
  answer("listProviders", { items: [{ ...OPENAI, health: "unreachable", fault: "unauthorized" }] });
  await userEvent.click(row.getByRole("button", { name: "Actions for openai" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Test connection" }));
  await row.findByText("Key rejected");
});

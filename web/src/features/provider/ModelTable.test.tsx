import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { choose } from "../../test/choose";
import { answer, asked, refuse, respond } from "../../test/contract";
import { GPT, OLLAMA } from "../../test/providers";
import { show } from "../../test/show";
import { ModelTable } from "./ModelTable";

const OPENAI = { ...OLLAMA, id: "o", name: "openai", base_url: "https://api.openai.com/v1", disabled_models: ["old"] };
const MODELS = [
  { ...GPT, default: true },
  { ...GPT, id: "openai/mini", name: "mini" },
  { ...GPT, id: "openai/old", name: "old", enabled: false },
  { ...GPT, id: "ollama/embed", name: "embed", provider: "ollama", embedding: true, chat: false, vision: false },
];

beforeEach(() => {
  answer("listModels", { items: MODELS });
  answer("listProviders", { items: [OLLAMA, OPENAI] });
  answer("getSettings", { version: 1, default_model: "openai/gpt-5", default_model_source: "automatic" });
});

const rows = () => screen.getAllByRole("row").slice(1);
const sent = (operation: string) => asked.filter((one) => one.operation === operation).map(({ body }) => body);

it("narrows the models by name, provider and availability", async () => {
  show(<ModelTable />);
  await screen.findByText("gpt-5");
  expect(screen.getByRole("status").textContent).toBe("3 enabled");
  await choose(/Provider/, "ollama");
  expect(rows()).toHaveLength(1);
  await choose(/Provider/, "All providers");
  await choose(/Availability/, "Disabled");
  expect(rows()).toHaveLength(1);
  await choose(/Availability/, "Enabled and disabled");
  await userEvent.type(screen.getByRole("searchbox"), "MINI");
  expect(rows()).toHaveLength(1);
});

it("disables one model after the other, and forgets neither while the first is under way", async () => {
  respond("updateProvider", () => new Promise<Response>(() => undefined));
  show(<ModelTable />);
  await userEvent.click(await screen.findByRole("switch", { name: "Enable openai/mini" }));
  await userEvent.click(screen.getByRole("switch", { name: "Enable openai/gpt-5" }));
  await expect
    .poll(() => sent("updateProvider"))
    .toEqual([{ disabled_models: ["old", "mini"] }, { disabled_models: ["old", "mini", "gpt-5"] }]);
});

it("takes a switch back that was refused, and says why", async () => {
  refuse("updateProvider", { status: 409, code: "of_no_language", detail: "it is the default model" });
  show(<ModelTable />);
  const button = await screen.findByRole<HTMLInputElement>("switch", { name: "Enable openai/gpt-5" });
  await userEvent.click(button);
  expect((await screen.findByRole("alert")).textContent).toContain("it is the default model");
  expect(screen.getByRole<HTMLInputElement>("switch", { name: "Enable openai/gpt-5" }).checked).toBe(true);
});

it("makes a model the default from its menu, but none that cannot answer", async () => {
  answer("updateSettings", { version: 2, default_model: "openai/mini", default_model_source: "administrator" });
  show(<ModelTable />);
  await userEvent.click(await screen.findByRole("button", { name: "Actions for ollama/embed" }));
  expect((await screen.findByRole("menuitem")).getAttribute("aria-disabled")).toBe("true");
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "Actions for openai/mini" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Use as default" }));
  await expect.poll(() => sent("updateSettings")).toEqual([{ default_model: "openai/mini" }]);
  expect(within(rows()[0] as HTMLElement).getByText("default")).toBeTruthy();
});

import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { answer } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { NewChat } from "./NewChat";

beforeEach(() => {
  const guide = { id: "builtin/guide", name: "guide", provider: "builtin", built_in: true, chat: true, default: true };
  const standard = { id: "d", name: "Assistant", status: "active", is_default: true, description: "", model: null };
  answer("getPreferences", { send_on_enter: true, favorite_models: [] } as never);
  answer("listAssistants", { items: [standard] } as never);
  answer("listModels", { items: [guide] } as never);
  answer("listProviders", { items: [] });
  answer("listUsers", { items: [] });
  answer("listKnowledgeBases", { items: [] });
});

const cards = async () => {
  const list = within(await screen.findByRole("list", { name: "Suggestions" }));
  await expect.poll(() => list.queryAllByRole("listitem").length).toBeGreaterThan(0);
  return list.getAllByRole("listitem").map((card) => card.textContent);
};

it("says to people whom to ask where no model is connected", async () => {
  show(<NewChat />, "/", as("user"));
  const [first, ...others] = await cards();
  expect(first).toMatch(/^Ask your administrator to connect a model/);
  expect(others.map((other) => other.replace(/\?.*$/, "?"))).toEqual(["What can you do?", "Where is my data stored?"]);
  expect(screen.queryByRole("link", { name: /Connect/ })).toBeNull();
});

it("says to administrators once that no model is connected", async () => {
  show(<NewChat />, "/", as("admin"));
  await userEvent.click(await screen.findByRole("button", { name: "Hide these steps" }));
  const link = await screen.findByRole("link", { name: "Connect a model" });
  expect(link.getAttribute("href")).toBe("/connect");
  cleanup();
  localStorage.clear();
  show(<NewChat />, "/", as("admin"));
  expect((await screen.findByRole("link", { name: "Connect" })).getAttribute("href")).toBe("/connect");
  await cards();
  expect(screen.getAllByText(/connect a model/i)).toHaveLength(1);
});

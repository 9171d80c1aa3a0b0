import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, begin, box, launch, visit } from "./browser";
import { Provider, TITLE } from "./provider";
import { Server } from "./server";

/** As companies list them: what embeds, listens and paints among what answers. */
const MODELS = [
  "text-embedding-3-large",
  "whisper-1",
  "gpt-image-1",
  "echo",
  "gated",
  ...Array.from({ length: 37 }, (_, number) => `model-${number}`),
];

let provider: Provider;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  provider = await Provider.start(MODELS);
  server = await Server.start({ CONVOSPHERE_EGRESS__ALLOW: provider.host });
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

it("lets the model that was just connected answer the first question, and another one once it is the default", async () => {
  const { page, wrongs } = await visit(browser, server);
  await begin(page, server);
  await page.getByRole("textbox", { name: "Base URL" }).fill(`http://${provider.host}/v1`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText(`${MODELS.length} models found.`).waitFor();
  await page.getByRole("link", { name: "Start chatting" }).click();
  // What is suggested is what a language model can answer.
  await page.getByRole("button", { name: /^Make a plan/ }).click();
  const suggestion = await box(page).inputValue();
  await page.getByRole("button", { name: "Send" }).click();
  await answers(page).filter({ hasText: suggestion }).waitFor();
  // Named by its question at once, and by the model after the answer.
  await page.getByRole("navigation", { name: "Chats" }).getByRole("link", { name: TITLE }).waitFor();
  await answers(page).getByText("echo", { exact: true }).waitFor();

  await page.goto(`${server.url}/admin/models`);
  await page.getByRole("button", { name: "Default model" }).click();
  // What embeds, listens or paints cannot answer; the guide and the choice of none are there as well.
  await expect.poll(() => page.getByRole("option").count()).toBe(MODELS.length - 3 + 2);
  await page.getByRole("option", { name: "Built-in guide" }).click();
  await page.goto(server.url);
  await page.getByRole("button", { name: "Where is my data stored?" }).waitFor();
  await ask(page, "What can you do?");
  await answers(page).filter({ hasText: "chat with assistants" }).waitFor();
  expect(wrongs).toEqual([]);
});

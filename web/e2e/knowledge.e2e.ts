/** From a document on the desk to an answer that opens its page: with real files, in the real program. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, launch, newChat, openSource, setUp, tick, type Watched, visit } from "./browser";
import { DOCUMENTS, Server } from "./server";

let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
  ada = await visit(browser, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

function choose(...names: string[]) {
  return ada.page.locator("input[type=file]").setInputFiles(names.map((name) => DOCUMENTS + name));
}

it("reads documents of several kinds, and says which it cannot read and why", async () => {
  const { page, wrongs } = ada;
  await setUp(page, server);
  await page.getByRole("link", { name: "Knowledge" }).click();
  await page.getByText("No knowledge bases yet.").waitFor();
  await page.getByRole("link", { name: "New knowledge base" }).first().click();
  await page.getByLabel("Name").fill("Lighthouse");
  await page.getByLabel("Tags").fill("tower, rules");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("No documents yet").waitFor();
  await choose("handbook.pdf", "contract.docx", "hostile/locked.pdf");
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await row("handbook.pdf").getByText("Ready").waitFor();
  await row("contract.docx").getByText("Ready").waitFor();
  await row("locked.pdf").getByText("Failed").waitFor();
  await row("locked.pdf").getByText("The file is protected by a password.").waitFor();
  expect(wrongs).toEqual([]);
});

it("finds the passage of a question and opens it in its document", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("tab", { name: "Search" }).click();
  await page.getByLabel("Question or keywords").fill("When does leave that was not taken lapse?");
  await page.getByRole("main").getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("link", { name: "handbook.pdf, page 1" }).click();
  await page.locator("mark").filter({ hasText: "Leave that was not taken by the end of March" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Lighthouse" }).click();
  await page.getByRole("tab", { name: "Search" }).click();
  await page.getByLabel("Question or keywords").fill("submarine");
  await page.getByRole("main").getByRole("button", { name: "Search", exact: true }).click();
  await page.getByText("No matches").waitFor();
  expect(wrongs).toEqual([]);
});

it("answers from the documents, and the citation opens the very passage", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "New assistant" }).click();
  await page.getByLabel("Name").fill("Keeper");
  await tick(page, "Lighthouse");
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByRole("region", { name: "Keeper" }).getByText("Draft", { exact: true }).first().waitFor();
  await ask(page, "How high is the lantern allowance?");
  const opened = await openSource(page, "handbook.pdf, page 3");
  await opened.locator("mark").filter({ hasText: "forty euros a night" }).waitFor();
  await opened.close();
  expect(wrongs).toEqual([]);
});

it("finds documents, passages, assistants and messages from one place, and opens the very passage", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  await ask(page, "How high is the lantern allowance?");
  await answers(page).first().waitFor();
  await page.goto("/search");
  await page.getByLabel("Search for").fill("lantern");
  const results = page.getByRole("list", { name: "Results" });
  await results.getByRole("link").filter({ hasText: "How high is the lantern allowance?" }).first().waitFor();
  await page.getByRole("button", { name: /^Passages \d/ }).click();
  await results.getByRole("link").filter({ hasText: "handbook.pdf" }).first().waitFor();
  expect(await results.getByRole("link").filter({ hasText: "How high is the lantern allowance?" }).count()).toBe(0);
  // Coming back, one finds what was looked for.
  await results.getByRole("link").filter({ hasText: "lantern allowance" }).first().click();
  await page.locator("mark").filter({ hasText: "lantern allowance" }).waitFor();
  await page.goBack();
  await results.getByRole("link").filter({ hasText: "handbook.pdf" }).first().waitFor();
  await page.getByLabel("Search for").fill("keep");
  await page.getByRole("button", { name: /^Assistants \d/ }).click();
  await results.getByRole("link").filter({ hasText: "Keeper" }).click();
  await page.getByRole("heading", { name: "Keeper" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("forgets a document at once when it is deleted", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("link", { name: "Knowledge", exact: true }).click();
  await page.getByRole("link", { name: "Lighthouse" }).click();
  await page.getByRole("button", { name: "Actions for handbook.pdf" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("row").filter({ hasText: "handbook.pdf" }).waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "Search" }).click();
  await page.getByLabel("Question or keywords").fill("lantern allowance");
  await page.getByRole("main").getByRole("button", { name: "Search", exact: true }).click();
  await page.getByText("No matches").waitFor();
  expect(wrongs).toEqual([]);
});

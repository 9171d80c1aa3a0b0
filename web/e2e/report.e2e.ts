/** The six things that the product's predecessor called its core, each from a person's first click to its end. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  openSource,
  chooseOption,
  accountMenu,
  attach,
  tick,
  answers,
  ask,
  chooseModel,
  GREETING,
  launch,
  newChat,
  PERSON,
  setUp,
  signIn,
  visit,
  type Watched,
} from "./browser";
import { Provider } from "./provider";
import { DOCUMENTS, Server } from "./server";

let provider: Provider;
let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  provider = await Provider.start();
  server = await Server.start({
    ...provider.environment,
    CONVOSPHERE_SERVER__REGISTRATION: "open",
  });
  browser = await launch();
  ada = await visit(browser, server);
});

afterAll(async () => {
  expect(ada.wrongs).toEqual([]);
  await browser.close();
  await server.stop();
  provider.stop();
});

it("authentication", async () => {
  const { page } = ada;
  await setUp(page, server);
  await accountMenu(page, "Sign out");
  await page.getByLabel("Email").fill(PERSON.email);
  await page.getByLabel("Password", { exact: true }).fill("wrong horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await signIn(page);
  // A session lasts over a reload, and a stranger's begins with signing up.
  await page.reload();
  await page.getByText(PERSON.display_name).first().waitFor();
  const bob = await visit(browser, server);
  await bob.page.goto("/register");
  await bob.page.getByLabel("Name").fill("Bob");
  await bob.page.getByLabel("Email").fill("bob@example.org");
  await bob.page.getByLabel("Password", { exact: true }).fill("correct horse");
  await bob.page.getByRole("button", { name: "Create account" }).click();
  await bob.page.getByRole("heading", { name: GREETING }).waitFor();
  expect(await bob.page.getByRole("link", { name: "Administration" }).count()).toBe(0);
  expect(bob.wrongs).toEqual([]);
  await bob.context.close();
});

it("real-time chat", async () => {
  const { page, context } = ada;
  const other = await context.newPage();
  await chooseModel(page, "echo");
  await ask(page, "Is anybody there?");
  await answers(page).filter({ hasText: "Is anybody there?" }).waitFor();
  // The same conversation elsewhere hears of the next question and its answer without a reload.
  await other.goto(page.url());
  await answers(other).filter({ hasText: "Is anybody there?" }).waitFor();
  await ask(page, "And in the other tab?");
  await answers(other).filter({ hasText: "And in the other tab?" }).waitFor();
  await other.close();
});

it("assistant management", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "New assistant" }).click();
  await page.getByLabel("Name").fill("Keeper");
  await page.getByLabel("Instructions").fill("Answer from the handbook.");
  await page.getByRole("button", { name: "Create draft" }).click();
  const room = page.getByRole("region", { name: "Keeper" });
  await room.getByText("Draft", { exact: true }).waitFor();
  await page.getByLabel("Name").fill("Lighthouse keeper");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("region", { name: "Lighthouse keeper" }).getByText("Draft", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByRole("region", { name: "Lighthouse keeper" }).getByText("Active", { exact: true }).waitFor();
});

it("knowledge base", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "Knowledge", exact: true }).click();
  await page.getByRole("link", { name: "New knowledge base" }).first().click();
  await page.getByLabel("Name").fill("Lighthouse");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("No documents yet").waitFor();
  await page.locator("input[type=file]").setInputFiles(`${DOCUMENTS}handbook.pdf`);
  await page.getByRole("row").filter({ hasText: "handbook.pdf" }).getByText("Ready").waitFor();
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "New assistant" }).click();
  await page.getByLabel("Name").fill("Reader");
  await chooseOption(page, "Model", "Built-in guide");
  await tick(page, "Lighthouse");
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByRole("region", { name: "Reader" }).getByText("Draft", { exact: true }).waitFor();
  await ask(page, "How high is the lantern allowance?");
  const opened = await openSource(page, "handbook.pdf, page 3");
  await opened.locator("mark").filter({ hasText: "forty euros a night" }).waitFor();
  await opened.close();
});

it("file upload", async () => {
  const { page } = ada;
  await newChat(page);
  await chooseModel(page, "echo");
  await attach(page, `${DOCUMENTS}contract.docx`);
  await ask(page, "What is this?");
  // The provider was told what stands in the file, and it can be had again.
  await answers(page).filter({ hasText: "What is this?" }).waitFor();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download contract.docx" }).click();
  expect((await saving).suggestedFilename()).toBe("contract.docx");
});

it("dashboard statistics", async () => {
  const { page } = ada;
  await page.goto("/admin/overview");
  const number = page.locator("dl > div").filter({ has: page.getByText("Messages", { exact: true }) });
  const counted = async () => Number((await number.locator("dd").first().innerText()).replaceAll(/\D/gu, ""));
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await number.waitFor();
  const before = await counted();
  expect(before).toBeGreaterThan(0);
  const { email, password } = PERSON;
  const access = String((await server.call("POST", "/auth/login", { email, password })).access_token);
  const { id } = await server.call("POST", "/conversations", {}, access);
  const question = { content: "One more", respond: false };
  await server.call("POST", `/conversations/${String(id)}/messages`, question, access);
  await expect.poll(counted, { timeout: 10_000 }).toBe(before + 1);
});

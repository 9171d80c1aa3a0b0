import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PAYLOADS } from "../src/test/payloads";
import { answers, launch, PERSON, setUp, visit, type Watched } from "./browser";
import { Provider } from "./provider";
import { Server } from "./server";

let provider: Provider;
let server: Server;
let browser: Browser;
let ada: Watched;
let token: string;

beforeAll(async () => {
  provider = await Provider.start();
  server = await Server.start(provider.environment);
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
  token = String((await server.call("POST", "/auth/login", PERSON_LOGIN)).access_token);
});

const PERSON_LOGIN = { email: PERSON.email, password: PERSON.password };

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

it("runs nothing and asks nobody, whatever messages and answers hold", async () => {
  expect(PAYLOADS.length).toBeGreaterThan(100);
  const { id } = await server.call("POST", "/conversations", { title: "Attack" }, token);
  const path = `/conversations/${String(id)}/messages`;
  for (const content of PAYLOADS) {
    // What has no place in text at all is refused before it gets here.
    await server.call("POST", path, { content, model: "openai/echo" }, token).catch(() => undefined);
  }
  const { page, wrongs } = ada;
  await page.goto(`/c/${String(id)}`);
  await answers(page).first().waitFor();
  const earlier = page.getByRole("button", { name: "Show earlier messages" });
  const count = () => page.getByRole("article").count();
  while (await earlier.isVisible()) {
    const before = await count();
    await earlier.click();
    await page.waitForFunction((n) => document.querySelectorAll("article").length > n, before);
  }
  expect(await count()).toBeGreaterThan(200);
  const isCalm = () => document.querySelector("article[aria-busy=true]") === null;
  await page.waitForFunction(isCalm, undefined, { timeout: 60_000 });
  // The code that shows Markdown has come, and every answer went through it.
  await page.waitForFunction(() => document.querySelectorAll("article .prose").length > 100);
  expect(wrongs).toEqual([]);
});

it("runs nothing and asks nobody, whatever titles and names hold", async () => {
  const lines = PAYLOADS.map((payload) => payload.replace(/\s+/g, " ").slice(0, 90));
  for (const line of lines) {
    await server.call("POST", "/conversations", { title: line }, token).catch(() => undefined);
  }
  await server.call("PATCH", "/users/me", { display_name: `<img src=x onerror=alert(1)>` }, token);
  const { page, wrongs } = ada;
  await page.goto("/");
  const links = page.getByRole("navigation", { name: "Conversations" }).getByRole("link");
  await links.first().waitFor();
  const more = page.getByRole("button", { name: "Show more" });
  while (await more.isVisible()) {
    const before = await links.count();
    await more.click();
    await page.waitForFunction((n) => document.querySelectorAll("nav a").length > n, before);
  }
  expect(await links.count()).toBeGreaterThan(100);
  await page.getByText("<img src=x onerror=alert(1)>", { exact: true }).first().waitFor();
  expect(wrongs).toEqual([]);
});

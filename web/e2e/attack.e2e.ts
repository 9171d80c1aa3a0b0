import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PAYLOADS } from "../src/test/payloads";
import { answers, launch, PERSON, setUp, visit, walkDown, walkUp, type Watched } from "./browser";
import { Provider } from "./provider";
import { Server } from "./server";

/** Some hundred messages are posted, answered, and scrolled through page by page, in milliseconds. */
const WALK = 300_000;

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

it("runs nothing and asks nobody, whatever messages and answers hold", { timeout: WALK }, async () => {
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
  const isCalm = () => document.querySelector("article[aria-busy=true]") === null;
  await page.waitForFunction(isCalm, undefined, { timeout: 60_000 });
  // Page by page up to the first message: each was shown, and every answer went through the code that shows Markdown.
  expect(await walkUp(page)).toBeGreaterThan(200);
  expect(wrongs).toEqual([]);
});

it("runs nothing and asks nobody, whatever titles and names hold", async () => {
  const lines = PAYLOADS.map((payload) => payload.replace(/\s+/g, " ").slice(0, 90));
  let made = 0;
  for (const line of lines) {
    const answer = await server.call("POST", "/conversations", { title: line }, token).catch(() => undefined);
    made += answer === undefined ? 0 : 1;
  }
  await server.call("PATCH", "/users/me", { display_name: `<img src=x onerror=alert(1)>` }, token);
  const { page, wrongs } = ada;
  await page.goto("/");
  expect(made).toBeGreaterThan(100);
  // That of the messages above is in the list as well.
  await walkDown(page, made + 1);
  await page.getByText("<img src=x onerror=alert(1)>", { exact: true }).first().waitFor();
  expect(wrongs).toEqual([]);
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launch, PERSON, setUp, visit, walkDown, type Watched } from "./browser";
import { Server } from "./server";

/** As many as the long form of the tests wants; the short one shows that the number does not matter. */
const MESSAGES = Number(process.env.CONVOSPHERE_TEST_MESSAGES ?? 1_500);
const CONVERSATIONS = 300;
const AT_ONCE = 50;
/** What a window holds, with some above and below; of any number of messages. */
const IN_PAGE = 60;
const PATIENCE = 120_000 + 20 * MESSAGES;

let server: Server;
let browser: Browser;
let ada: Watched;
let token: string;
let conversation: string;

beforeAll(async () => {
  server = await Server.start({ CONVOSPHERE_RATE_LIMIT__ENABLED: "false" });
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
  const { email, password } = PERSON;
  token = String((await server.call("POST", "/auth/login", { email, password })).access_token);
  conversation = String((await server.call("POST", "/conversations", { title: "Long" }, token)).id);
  const path = `/conversations/${conversation}/messages`;
  await inTurns(MESSAGES, (n) => server.call("POST", path, { content: `Note ${n}`, respond: false }, token));
  await inTurns(CONVERSATIONS, (n) => server.call("POST", "/conversations", { title: `Chat ${n}` }, token));
}, PATIENCE);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function inTurns(count: number, one: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, i) => one(n + i)));
  }
}

it(
  "holds what is in sight alone, however long a conversation is, and reaches its first message",
  async () => {
    const { page, wrongs } = ada;
    await page.goto(`/c/${conversation}`);
    await page.getByRole("article").last().waitFor();
    const count = () => page.getByRole("article").count();
    expect(await count()).toBeLessThan(IN_PAGE);
    const last = page.locator("article").last();
    // The newest one is in sight.
    const isInSight = await last.evaluate((item) => item.getBoundingClientRect().bottom <= innerHeight);
    expect(isInSight).toBe(true);
    const region = page.getByRole("region", { name: "Messages" });
    const beginning = page.locator("article[aria-posinset='1']");
    while (!(await beginning.isVisible())) {
      const first = await page.getByRole("article").first().getAttribute("id");
      await region.press("Home");
      await page.waitForFunction((id) => document.querySelector("article")?.id !== id, first);
    }
    await beginning.filter({ hasText: "Note" }).waitFor();
    expect(await beginning.getAttribute("aria-setsize")).toBe(String(MESSAGES));
    expect(await count()).toBeLessThan(IN_PAGE);
    await page.getByRole("button", { name: "Scroll to bottom" }).click();
    await page.locator(`article[aria-posinset='${MESSAGES}']`).waitFor();
    // Measured, not judged: how fast a machine is decides no test.
    const frames = await page.evaluate(async () => {
      const region = document.querySelector("[role=region]");
      const times: number[] = [];
      let before = performance.now();
      for (let step = 0; step < 120; step++) {
        region?.scrollBy(0, step < 60 ? -400 : 400);
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        times.push(now - before);
        before = now;
      }
      return times.sort((a, b) => a - b);
    });
    console.log(
      `${MESSAGES} messages, scrolling: median frame ${frames[60]?.toFixed(1) ?? "?"} ms, p95 ${frames[114]?.toFixed(1) ?? "?"} ms`,
    );
    expect(wrongs).toEqual([]);
  },
  PATIENCE,
);

it("holds those conversations that are in sight alone, and reaches the first one", async () => {
  const { page, wrongs } = ada;
  const list = page.getByRole("navigation", { name: "Chats" });
  expect(await list.getByRole("listitem").count()).toBeLessThan(IN_PAGE);
  await walkDown(page, CONVERSATIONS + 1);
  await list.getByRole("link", { name: "Long", exact: true }).waitFor();
  expect(await list.getByRole("listitem").count()).toBeLessThan(IN_PAGE);
  expect(wrongs).toEqual([]);
});

/** Every page of an installation with a week of life in it: nobody is kept out, and each has its picture. `LOOKS=all` takes
 * all combinations (`make screenshots`); otherwise each page, each size, each theme and each language is seen. */
import { mkdirSync } from "node:fs";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, launch, signIn, visit } from "./browser";
import type { Provider } from "./provider";
import { PEOPLE, seed, startShowcaseProvider } from "./seed";
import { Server } from "./server";

/** The pictures are kept here. */
const SHOTS = new URL("../../target/screenshots/", import.meta.url).pathname;

/** Those of the README. */
const PICTURES = new URL("../../docs/pictures/", import.meta.url).pathname;

const LANGUAGES = ["en", "de", "ar"] as const;
const SIZES = ["desktop", "phone"] as const;
const THEMES = ["light", "dark"] as const;

type Look = [size: (typeof SIZES)[number], theme: (typeof THEMES)[number], language: (typeof LANGUAGES)[number]];

const ALL: Look[] = SIZES.flatMap((size) =>
  THEMES.flatMap((theme) => LANGUAGES.map((language): Look => [size, theme, language])),
);
const FEW: Look[] = [
  ["desktop", "light", "en"],
  ["desktop", "dark", "de"],
  ["phone", "light", "ar"],
  ["phone", "dark", "en"],
];
const looks = process.env.LOOKS === "all" ? ALL : FEW;

let server: Server;
let provider: Provider;
let browser: Browser;
let made: Awaited<ReturnType<typeof seed>>;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  provider = await startShowcaseProvider();
  server = await Server.start({ ...provider.environment, CONVOSPHERE_SERVER__REGISTRATION: "open" });
  made = await seed(server);
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

/** The pages by the names of their pictures. */
function pages(): Record<string, string> {
  return {
    home: "/",
    chat: `/c/${made.showcase}`,
    citations: `/c/${made.cited}`,
    assistants: "/assistants",
    "new-assistant": "/assistants/new",
    assistant: `/assistants/${made.clerk}`,
    knowledge: "/knowledge",
    "new-knowledge": "/knowledge/new",
    "knowledge-base": `/knowledge/${made.base}`,
    search: "/search?q=lantern",
    archive: "/archive",
    portability: "/portability",
    settings: "/settings",
    preferences: "/settings?tab=general",
    devices: "/settings?tab=devices",
    overview: "/admin/overview",
    people: "/admin/users",
    groups: "/admin/groups",
    models: "/admin/models",
    log: "/admin/log",
    projections: "/admin/projections",
    backups: "/admin/backups",
    connect: "/connect",
    "not-found": "/no-such-page",
  };
}

interface Finding {
  impact: string | null;
  id: string;
  nodes: { html: string }[];
}

/** What keeps somebody out, as axe sees it. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate("axe.run()");
  return (result as { violations: Finding[] }).violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("; ")}`);
}

/** Until what stands for something else has gone, and the fonts are there. */
async function settled(page: Page): Promise<void> {
  await page.locator("h1, textarea").first().waitFor();
  await page.waitForFunction(() => document.querySelector(".animate-pulse, [aria-busy=true]") === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

it.each(looks)("keeps nobody out: %s, %s, %s", async (size, theme, language) => {
  const { email, password } = PEOPLE.ada;
  const { access_token: access } = await server.call("POST", "/auth/login", { email, password });
  await server.call("PATCH", "/users/me/preferences", { language, theme }, String(access));
  const { page, context, wrongs } = await visit(browser, server, size, theme === "dark");
  const found: string[] = [];
  const look = async (name: string) => {
    await settled(page);
    found.push(...(await serious(page)).map((finding) => `${name}: ${finding}`));
    await page.screenshot({ path: `${SHOTS}${name}-${size}-${theme}-${language}.png` });
  };
  await page.goto("/register");
  await look("sign-up");
  await page.goto("/login");
  await look("sign-in");
  await signIn(page, PEOPLE.ada);
  for (const [name, path] of Object.entries(pages())) {
    await page.goto(path);
    await look(name);
  }
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await look("palette");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator("main").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await look("shortcuts");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  if (size === "phone") {
    await page.getByRole("banner").getByRole("button").first().click();
    await page.getByRole("dialog").waitFor();
    await look("menu");
  }
  expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === "ar" ? "rtl" : "ltr");
  expect(found).toEqual([]);
  expect(wrongs).toEqual([]);
  await context.close();
});

it("shows its first words soon", async () => {
  const { page, context } = await visit(browser, server);
  await page.goto("/login");
  await page.locator("input[type=password]").waitFor();
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  // Measured, not judged: how fast a machine is decides no test.
  console.log(`first contentful paint on localhost: ${paint?.toFixed(0) ?? "?"} ms`);
  expect(paint).toBeGreaterThan(0);
  await context.close();
});

it.runIf(process.env.LOOKS === "all")("takes the pictures of the README", async () => {
  const { email, password } = PEOPLE.ada;
  const { access_token: access } = await server.call("POST", "/auth/login", { email, password });
  await server.call("PATCH", "/users/me/preferences", { language: "en", theme: "light" }, String(access));
  const { page, context } = await visit(browser, server);
  await signIn(page, PEOPLE.ada);
  await page.getByRole("button", { name: "Hide these steps" }).click();
  const take = async (name: string, path: string, height: number) => {
    await page.setViewportSize({ width: 1280, height });
    await page.goto(path);
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".formula-source") === null);
    await page.screenshot({ path: `${PICTURES}${name}.png` });
  };
  await take("home", "/", 720);
  await take("administration", "/admin/models", 800);
  await page.goto(`/c/${made.showcase}`);
  await ask(page, "How high is the lantern allowance?");
  await answers(page)
    .last()
    .getByRole("button", { name: /^\d sources?$/ })
    .waitFor();
  // The code for formulas is loaded by now.
  await page.locator(".katex").first().waitFor();
  await take("chat", `/c/${made.showcase}`, 1440);
  await context.close();
});

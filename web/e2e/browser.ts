/** Debian's Chromium, watched: what a page must never do is kept, and ends the test. */
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { expect } from "vitest";
import type { Server } from "./server";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a page may take to show something. */
const PATIENCE = { timeout: 15_000 };

/** The heading of a new chat. */
export const GREETING = /^Good (morning|afternoon|evening), /;

export const PERSON = { display_name: "Ada", email: "ada@example.org", password: "correct horse" };

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** Errors, dialogs, broken policies and requests to other places. */
  wrongs: string[];
}

type Size = "desktop" | "phone";

/** A page of its own, as a person has one; English, so that texts are found by their words. */
export async function visit(browser: Browser, server: Server, size: Size = "desktop", dark = false): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: "en-GB",
    viewport: size === "desktop" ? { width: 1280, height: 800 } : { width: 390, height: 844 },
    colorScheme: dark ? "dark" : "light",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return { context, ...(await tab(context, server)) };
}

/** Another tab of the same person. */
export async function tab(context: BrowserContext, server: Server): Promise<{ page: Page; wrongs: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE.timeout);
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  // In the frames of previews, what is hostile is shown as it is, and the policies have the last word; no request must follow.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      if (window === window.top) {
        console.error(`broken policy: ${violatedDirective} ${blockedURI} ${sample}`);
      }
    });
  });
  page.on("console", (message) => {
    // That an answer is no success is the page's to handle; the browser says so all the same. Broken policies are heard
    // from the page itself, above.
    const isHandled = /Failed to load resource|WebSocket connection|Content Security Policy/.test(message.text());
    if (message.type() === "error" && !isHandled) {
      wrongs.push(`console: ${message.text()}`);
    }
  });
  // A request that a policy has stopped never left; every other one is answered or fails.
  const note = (request: Request) => {
    const url = request.url();
    const isOwn = [server.url, server.url.replace("http", "ws"), "blob:"].some((own) => url.startsWith(own));
    if (!isOwn && request.failure()?.errorText !== "csp") {
      wrongs.push(`request: ${url} ${request.failure()?.errorText ?? "was answered"}`);
    }
  };
  page.on("requestfinished", note);
  page.on("requestfailed", note);
  return { page, wrongs };
}

/** The first administrator, by the link of the banner, up to the question for a model. */
export async function begin(page: Page, server: Server): Promise<void> {
  await page.goto(server.setUpLink);
  await page.getByLabel("Name").fill(PERSON.display_name);
  await page.getByLabel("Email").fill(PERSON.email);
  await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Connect a model" }).waitFor();
}

/** The same, into the first chat without a model. */
export async function setUp(page: Page, server: Server): Promise<void> {
  await begin(page, server);
  await page.getByRole("link", { name: "Skip for now" }).click();
  await page.getByRole("heading", { name: GREETING }).waitFor();
}

export async function signIn(page: Page, person = PERSON): Promise<void> {
  // From the start page, to which it leads back; a page that asked for it before does not count.
  await page.goto("/");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  // In whichever language the person has chosen.
  await page.locator("textarea").waitFor();
}

/** A conversation that is about to begin. */
export async function newChat(page: Page): Promise<void> {
  await page.getByRole("link", { name: "New chat" }).first().click();
  await page.getByRole("heading", { name: GREETING }).waitFor();
}

/** Where a message is written. */
export function box(page: Page) {
  return page.getByRole("textbox", { name: /^(Ask anything|Message )/ });
}

/** Lets a model answer from now on, by its name without its provider. */
export async function chooseModel(page: Page, model: string): Promise<void> {
  await page.getByRole("button", { name: /^Model: / }).click();
  await page.getByRole("option", { name: model, exact: true }).click();
  await page.getByRole("button", { name: `Model: ${model}`, exact: true }).waitFor();
}

export async function ask(page: Page, question: string, model?: string): Promise<void> {
  if (model !== undefined) {
    await chooseModel(page, model);
  }
  await box(page).fill(question);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Chooses from a list of a form, as a person does. */
export async function chooseOption(page: Page, label: string, option: string | RegExp): Promise<void> {
  // Its button is named by what is chosen, then by the label.
  await page.getByRole("button", { name: new RegExp(`${label}$`) }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Presses a box or a switch, by the label that stands around it. */
export async function tick(page: Page, label: string): Promise<void> {
  await page
    .locator("label")
    .filter({ has: page.getByLabel(label, { exact: true }) })
    .click();
}

/** Attaches a file to the message that is being written. */
export async function attach(page: Page, path: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByRole("button", { name: `Remove ${path.split("/").at(-1) ?? ""}` }).waitFor();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
}

/** Chooses something of the menu of the account, in whichever language. */
export async function accountMenu(page: Page, item: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: PERSON.display_name }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

export function answers(page: Page) {
  return page.getByRole("article", { name: "Assistant" });
}

/** Opens a source of the last answer in a tab of its own, and gives that tab. */
export async function openSource(page: Page, title: string): Promise<Page> {
  await answers(page)
    .getByRole("button", { name: /^\d sources?$/ })
    .last()
    .click();
  const opening = page.context().waitForEvent("page");
  const sources = page.getByRole("complementary", { name: "Sources" });
  await sources.getByRole("listitem").filter({ hasText: title }).getByRole("link").first().click();
  return opening;
}

/** Scrolls a thread from its end to its beginning; how many messages were shown on the way, all formatted. */
export async function walkUp(page: Page): Promise<number> {
  const seen = new Set<string>();
  for (;;) {
    await expect.poll(() => unformatted(page), PATIENCE).toEqual([]);
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll("article")].map(({ id, ariaPosInSet }) => ({ id, position: ariaPosInSet })),
    );
    shown.forEach(({ id }) => seen.add(id));
    if (shown.some(({ position }) => position === "1")) {
      return seen.size;
    }
    const before = await placeIn(page);
    await page.getByRole("region", { name: "Messages" }).press("PageUp");
    await expect.poll(() => placeIn(page), PATIENCE).not.toBe(before);
    await rest(page);
  }
}

/** Answers in sight whose text is not shown as Markdown, with the beginning of it. One without a text has none. */
function unformatted(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const formatted = ".prose, [role=alert]";
    const isPlain = (body: Element) => body.closest(".prose") === null && body.querySelector(formatted) === null;
    return [...document.querySelectorAll<HTMLElement>("article[aria-label=Assistant]")]
      .filter(({ ariaBusy }) => ariaBusy !== "true")
      .filter((answer) => [...answer.querySelectorAll("div[dir=auto]")].some(isPlain))
      .map(({ id, innerText }) => `${id}: ${innerText.slice(0, 80)}`);
  });
}

/** The place in a thread. Within a message that is higher than the page the first article stays the same. */
function placeIn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const box = document.querySelector("[role=feed]")?.parentElement;
    return `${document.querySelector("article")?.id ?? ""} at ${box?.scrollTop ?? 0}`;
  });
}

/** Waits for the end of a scroll: a page is scrolled in steps, and moved again when new messages have been measured. */
async function rest(page: Page): Promise<void> {
  let before = "";
  for (let place = await placeIn(page); place !== before; place = await placeIn(page)) {
    before = place;
    await page.waitForTimeout(50);
  }
}

/** Scrolls the list of conversations until so many were shown. */
export async function walkDown(page: Page, count: number): Promise<void> {
  const list = page.getByRole("navigation", { name: "Chats" });
  const seen = new Set<string>();
  await list.getByRole("link").first().waitFor();
  while (seen.size < count) {
    const shown = await list.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    shown.forEach((address) => seen.add(address ?? ""));
    if (seen.size < count) {
      await list.getByRole("listitem").last().scrollIntoViewIfNeeded();
      await page.waitForFunction((last) => {
        return [...document.querySelectorAll("nav li a")].at(-1)?.getAttribute("href") !== last;
      }, shown.at(-1));
    }
  }
}

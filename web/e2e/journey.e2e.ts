import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  chooseOption,
  accountMenu,
  answers,
  ask,
  box,
  chooseModel,
  launch,
  newChat,
  PERSON,
  setUp,
  signIn,
  tab,
  visit,
  type Watched,
} from "./browser";
import { FIRST, Provider, SECOND } from "./provider";
import { Server } from "./server";

let provider: Provider;
let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  provider = await Provider.start();
  server = await Server.start({
    ...provider.environment,
    CONVOSPHERE_SERVER__REGISTRATION: "open",
    CONVOSPHERE_MODELS__DEFAULT: "builtin/guide",
  });
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

it("answers the first question without a form before it, and names the conversation", async () => {
  const { page, wrongs } = ada;
  expect(new URL(page.url()).hash).toBe("");
  await page.getByRole("button", { name: /^Where is my data stored\?/ }).click();
  await page.getByRole("button", { name: "Send" }).click();
  const answer = answers(page).filter({ hasText: "All data is stored in one folder" });
  await answer.waitFor();
  await answer.getByRole("button", { name: /\d sources?$/ }).click();
  await page.getByRole("complementary", { name: "Sources" }).getByText("Where your data").first().waitFor();
  await page.getByRole("link", { name: "Where is my data stored?" }).waitFor();
  // What was shown is read, on every device.
  const { email, password } = PERSON;
  const token = String((await server.call("POST", "/auth/login", { email, password })).access_token);
  await vi.waitFor(async () => {
    const { items } = await server.call("GET", "/conversations", undefined, token);
    const [conversation] = items as { leaf_id: string; last_read_message_id: string | null }[];
    expect(conversation?.last_read_message_id).toBe(conversation?.leaf_id);
  });
  // A rating stays, until it is taken back.
  const good = answer.getByRole("button", { name: "Good answer", exact: true });
  await good.click();
  await answer.locator('[aria-pressed="true"]').waitFor();
  await page.reload();
  await answer.locator('[aria-pressed="true"]').waitFor();
  await good.click();
  await answer.locator('[aria-pressed="true"]').waitFor({ state: "detached" });
  expect(wrongs).toEqual([]);
});

it("shows an answer as it is written, in two tabs, over a reload, to its end", async () => {
  const { page, context } = ada;
  provider.hold();
  await newChat(page);
  await ask(page, "Tell me in two halves", "gated");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  const other = await tab(context, server);
  await other.page.goto(page.url());
  await answers(other.page).filter({ hasText: FIRST.trim() }).waitFor();
  await page.reload();
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  provider.release();
  for (const { page: shown } of [ada, other]) {
    await answers(shown)
      .filter({ hasText: FIRST + SECOND })
      .waitFor();
    await answers(shown).getByText("gated", { exact: true }).waitFor();
  }
  // What is said in one tab is there in the other.
  await ask(other.page, "And this, from the other tab", "echo");
  await answers(page).filter({ hasText: "And this, from the other tab" }).waitFor();
  expect([...ada.wrongs, ...other.wrongs]).toEqual([]);
  await other.page.close();
});

it("stops an answer, keeps what was said, and tries again", async () => {
  const { page, wrongs } = ada;
  provider.hold();
  await newChat(page);
  await ask(page, "Too long", "gated");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await answers(page)
    .getByText(/^Stopped/)
    .waitFor();
  expect(await answers(page).first().textContent()).toContain(FIRST.trim());
  provider.release();
  await answers(page).getByRole("button", { name: "Regenerate", exact: true }).first().click();
  await answers(page).filter({ hasText: SECOND }).waitFor();
  expect(wrongs).toEqual([]);
});

it("comes back by itself when the server was killed in mid-answer, and says how that ended", async () => {
  const { page } = ada;
  provider.hold();
  await newChat(page);
  await ask(page, "Before the crash", "gated");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  await server.kill();
  await box(page).fill("A draft that must not be lost");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").first().waitFor();
  provider.release();
  await server.begin();
  // Begun anew and whole, or honestly interrupted; nothing is busy any more.
  const isCalm = () => document.querySelector("article[aria-busy=true]") === null;
  await page.waitForFunction(isCalm, undefined, { timeout: 60_000 });
  const ending = (await answers(page).last().textContent()) ?? "";
  expect(
    ending.includes(FIRST + SECOND) || ending.includes("The server restarted before this answer was complete."),
  ).toBe(true);
  expect(await box(page).inputValue()).toBe("A draft that must not be lost");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("article", { name: "You" }).filter({ hasText: "A draft that must not be lost" }).waitFor();
});

it("says when there is no network, loses nothing, and goes on when it is back", async () => {
  const { page, context } = ada;
  provider.hold();
  await newChat(page);
  await ask(page, "Over a gap", "gated");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  await context.setOffline(true);
  await page.getByText("You're offline.").waitFor();
  await box(page).fill("Written in the tunnel");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").first().waitFor();
  provider.release();
  await context.setOffline(false);
  await page.getByText("You're offline.").waitFor({ state: "detached" });
  await answers(page)
    .filter({ hasText: FIRST + SECOND })
    .waitFor();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("article", { name: "You" }).filter({ hasText: "Written in the tunnel" }).waitFor();
});

it("keeps every version of a question and of an answer, and shows the one that is wanted", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  await ask(page, "First version", "echo");
  await answers(page).filter({ hasText: "First version" }).waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Second version");
  await page.getByRole("button", { name: "Send" }).first().click();
  await answers(page).filter({ hasText: "Second version" }).waitFor();
  await page.getByText("2 of 2").waitFor();
  await page.getByRole("button", { name: "Previous version" }).click();
  await answers(page).filter({ hasText: "First version" }).waitFor();
  // One goes on from there, and that is the current path then.
  await ask(page, "Below the first");
  await answers(page).filter({ hasText: "Below the first" }).waitFor();
  await page.reload();
  await answers(page).filter({ hasText: "Below the first" }).waitFor();
  expect(await page.getByText("Second version").count()).toBe(0);
  await page.getByRole("button", { name: "Regenerate", exact: true }).last().click();
  await answers(page).getByText("2 of 2").waitFor();
  expect(wrongs).toEqual([]);
});

it("shows at once what was done on another device", async () => {
  const { page, wrongs } = ada;
  const { email, password } = PERSON;
  const token = String((await server.call("POST", "/auth/login", { email, password })).access_token);
  const { id } = await server.call("POST", "/conversations", { title: "From afar" }, token);
  const list = page.getByRole("navigation", { name: "Chats" });
  await list.getByRole("link", { name: "From afar" }).waitFor();
  await server.call("PATCH", `/conversations/${String(id)}`, { title: "From afar, renamed" }, token);
  await list.getByRole("link", { name: "From afar, renamed" }).waitFor();
  await server.call("PATCH", `/conversations/${String(id)}`, { archived: true }, token);
  await list.getByRole("link", { name: "From afar, renamed" }).waitFor({ state: "detached" });
  expect(wrongs).toEqual([]);
});

it("renames, pins and deletes with a way back, and finds by title", async () => {
  const { page, wrongs } = ada;
  const list = page.getByRole("navigation", { name: "Chats" });
  const act = async (title: string, action: string) => {
    await list.getByRole("link", { name: title }).first().hover();
    await list
      .getByRole("button", { name: `Actions for ${title}` })
      .first()
      .click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await act("Too long", "Rename");
  await page.getByRole("textbox", { name: "Title" }).fill("Just right");
  await page.getByRole("button", { name: "Save" }).click();
  await list.getByRole("link", { name: "Just right" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: "Search or jump to…" }).waitFor();
  await page.keyboard.type("just ri");
  await page
    .getByRole("menuitem", { name: /^Just right/ })
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Search or jump to…" }).waitFor({ state: "detached" });
  const saving = page.waitForEvent("download");
  await act("Just right", "Export as Markdown");
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe("Just right.md");
  expect(readFileSync(await saved.path(), "utf8")).toMatch(/^# Just right\n\n## You\n/);
  await act("Just right", "Delete");
  await list.getByRole("link", { name: "Just right" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await list.getByRole("link", { name: "Just right" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("lets a second person sign up, who sees nothing of the first", async () => {
  const address = ada.page.url();
  const bob = await visit(browser, server);
  await bob.page.goto("/register");
  await bob.page.getByLabel("Name").fill("Bob");
  await bob.page.getByLabel("Email").fill("no address");
  await bob.page.getByLabel("Password", { exact: true }).fill("correct horse");
  await bob.page.getByRole("button", { name: "Create account" }).click();
  await bob.page.getByText("Enter an email address such as").waitFor();
  expect(await bob.page.getByLabel("Password", { exact: true }).inputValue()).toBe("correct horse");
  await bob.page.getByLabel("Email").fill("bob@example.org");
  await bob.page.getByRole("button", { name: "Create account" }).click();
  await bob.page.getByText("No chats yet").waitFor();
  await bob.page.goto(address);
  await bob.page.getByText("This chat doesn't exist, or you don't have access to it.").waitFor();
  expect(bob.wrongs).toEqual([]);
  await bob.context.close();
});

it("is used by keyboard alone", async () => {
  const { page } = ada;
  await page.goto("/");
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  await page.keyboard.type("What can you do?");
  await page.keyboard.press("Enter");
  await answers(page).first().waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  // One goes on writing, and stops with the keyboard as well.
  provider.hold();
  await chooseModel(page, "gated");
  await box(page).focus();
  await page.keyboard.type("And slowly?");
  await page.keyboard.press("Enter");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  // Past the files and the model.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Stop");
  await page.keyboard.press("Enter");
  await answers(page)
    .getByText(/^Stopped/)
    .waitFor();
  provider.release();
});

it("keeps the settings, and nothing on the device once one has signed out", async () => {
  const { page } = ada;
  await accountMenu(page, "Settings");
  await page.getByRole("tab", { name: "General" }).click();
  await chooseOption(page, "Theme", "Dark");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await chooseOption(page, "Language", "Deutsch");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  await page.goto("/");
  const elsewhere = await visit(browser, server);
  await signIn(elsewhere.page);
  await elsewhere.page.getByRole("textbox", { name: "Stellen Sie eine Frage" }).waitFor();
  await page.getByRole("textbox", { name: "Stellen Sie eine Frage" }).fill("not for others");
  await accountMenu(page, "Abmelden");
  await page.getByRole("button", { name: /Sign in|Anmelden/ }).waitFor();
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  await page.goto("/");
  await page.getByRole("button", { name: /Sign in|Anmelden/ }).waitFor();
  await elsewhere.context.close();
});

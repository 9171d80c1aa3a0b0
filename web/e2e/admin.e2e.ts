/** The administration: people, models, the log, read models, backups and what is used. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { tick, begin, chooseOption, launch, PERSON, signIn, visit, type Watched } from "./browser";
import { Provider } from "./provider";
import { Server } from "./server";

const BOB = { display_name: "Bob", email: "bob@example.org", password: "correct horse" };

let provider: Provider;
let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  provider = await Provider.start();
  // A server of models on this machine, at the place that its own variable names.
  server = await Server.start({ OLLAMA_HOST: provider.host });
  browser = await launch();
  ada = await visit(browser, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

let known: string | undefined;

/** Of a program beside the browser; logging in is limited. */
async function token(): Promise<string> {
  const { email, password } = PERSON;
  known ??= String((await server.call("POST", "/auth/login", { email, password })).access_token);
  return known;
}

/** Presses an action in the menu of a row. */
async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

async function changeRole(page: Page, name: string, role: string): Promise<void> {
  await act(page, name, "Change role");
  const dialog = page.getByRole("dialog");
  // Also the button that confirms speaks of a role.
  await dialog.getByRole("button", { name: /Role$|^Role/ }).click();
  await page.getByRole("option", { name: role, exact: true }).click();
  await dialog.getByRole("button", { name: "Change role" }).click();
}

it("connects the server of models on this machine, and says what it found there", async () => {
  const { page, wrongs } = ada;
  await begin(page, server);
  await page.getByRole("button", { name: "Connect ollama" }).click();
  await page.getByText(/\d+ models? found\./).waitFor();
  await page.getByRole("button", { name: /Default model/ }).waitFor();
  await page.getByRole("link", { name: "Start chatting" }).click();
  await page.locator("textarea").waitFor();
  expect(wrongs).toEqual([]);
});

it("lets people in, gives them roles and keeps them out, at once", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.getByRole("link", { name: "People", exact: true }).click();
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(BOB.display_name);
  await dialog.getByLabel("Email").fill(BOB.email);
  await dialog.getByRole("button", { name: "Add user" }).click();
  const password = await dialog.getByRole("group", { name: "Password" }).locator("code").innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row").filter({ hasText: BOB.email });
  await row.waitFor();
  const bob = await visit(browser, server);
  await signIn(bob.page, { ...BOB, password });
  // What is for administrators is not there for others, by no way.
  await bob.page.goto("/dashboard");
  await bob.page.getByText("You don't have access to this page.").waitFor();
  await changeRole(page, "Bob", "Administrator");
  // A new role opens and closes pages that are open.
  await bob.page.getByRole("heading", { name: "Overview" }).waitFor();
  await changeRole(page, "Bob", "Manager");
  await bob.page.getByText("You don't have access to this page.").waitFor();
  await act(page, "Bob", "Reset password");
  await page.getByRole("dialog").getByLabel("New password").fill(BOB.password);
  await page.getByRole("dialog").getByRole("button", { name: "Reset password" }).click();
  await bob.page.getByRole("button", { name: "Sign in" }).waitFor();
  await signIn(bob.page, BOB);
  await act(page, "Bob", "Suspend");
  await row.getByText("Suspended").waitFor();
  await bob.page.getByRole("button", { name: "Sign in" }).waitFor();
  await act(page, "Bob", "Reactivate");
  await row.getByText("Active", { exact: true }).waitFor();
  await page.getByRole("searchbox").fill("nobody of this name");
  await page.getByText("Nobody matches this search.").waitFor();
  // Nobody keeps themselves out by a slip.
  await page.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: `Actions for ${PERSON.display_name}` }).click();
  expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Edit name and email"]);
  await page.keyboard.press("Escape");
  expect([...wrongs, ...bob.wrongs]).toEqual([]);
  await bob.context.close();
});

it("disables a model, edits, tests and removes its provider", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/models");
  const row = page.getByRole("table", { name: "Providers" }).getByRole("row").filter({ hasText: "ollama" });
  await row.getByText("Online", { exact: true }).waitFor();
  await tick(page, "Enable ollama/echo");
  await vi.waitFor(async () => {
    const { items } = await server.call("GET", "/models", undefined, await token());
    expect((items as { id: string }[]).map(({ id }) => id)).not.toContain("ollama/echo");
  });
  await tick(page, "Enable ollama/echo");
  await page.getByRole("button", { name: "Add provider" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("LM Studio").click();
  await dialog.getByLabel("Base URL").fill("http://127.0.0.1:1/v1");
  await dialog.getByRole("button", { name: "Connect" }).click();
  await dialog.getByText("CONVOSPHERE_EGRESS__ALLOW=127.0.0.1:1").waitFor();
  await page.keyboard.press("Escape");
  await act(page, "ollama", "Edit");
  await dialog.getByLabel("Additional models").fill("tomorrow");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("switch", { name: "Enable ollama/tomorrow" }).waitFor({ state: "attached" });
  provider.close();
  await act(page, "ollama", "Test connection");
  await row.getByText("Unreachable").waitFor();
  await act(page, "ollama", "Remove");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.getByText("No provider connected.").waitFor();
  expect(wrongs).toEqual([]);
});

it("shows the newest events first and live, narrows and opens them, and verifies the chain", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/log");
  const events = page.getByRole("table", { name: "Events" }).getByRole("row");
  await events.nth(1).waitFor();
  const title = "Seen in the log";
  const { id } = await server.call("POST", "/conversations", { title }, await token());
  await events.filter({ hasText: "conversation_started" }).first().waitFor();
  await page.getByRole("searchbox", { name: "Object ID" }).fill(String(id));
  await page.getByText("1 event · live").waitFor();
  await events.getByRole("button", { name: "conversation_started" }).click();
  const opened = page.getByRole("dialog");
  await opened.getByText(`conversation ${String(id)}`).waitFor();
  // Administrators read no titles.
  expect(await opened.textContent()).toContain("$sealed");
  expect(await opened.textContent()).not.toContain(title);
  await page.keyboard.press("Escape");
  await server.call("PATCH", `/conversations/${String(id)}`, { pinned: true }, await token());
  await page.getByText("2 events · live").waitFor();
  const button = page.getByRole("button", { name: "Verify integrity" });
  const before = await button.boundingBox();
  await button.click();
  await page.getByText(/All \d+ events verified/).waitFor();
  // The result moves nothing away below the pointer.
  expect((await button.boundingBox())?.x).toBe(before?.x);
  expect(wrongs).toEqual([]);
});

it("rebuilds a read model once it is confirmed", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/projections");
  await act(page, "conversations", "Rebuild");
  await page.getByRole("dialog").getByRole("button", { name: "Rebuild" }).click();
  await page.getByText("conversations rebuilt").waitFor();
  expect(wrongs).toEqual([]);
});

it("creates a backup, lists it, and says how it is restored", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/backups");
  await page.getByText("No backups yet").waitFor();
  await page.getByText("Automatic backups are off.").waitFor();
  await page.getByRole("button", { name: "Back up now" }).click();
  const file = await page.getByRole("cell", { name: /\.backup$/ }).innerText();
  await page.getByText(`convosphere database restore --file ${file}`).waitFor();
  expect(wrongs).toEqual([]);
});

it("counts on the overview what there is, as it happens", async () => {
  const { page, wrongs } = ada;
  await page.goto("/dashboard");
  const number = (name: string) => page.locator("dt", { hasText: name }).locator("+ dd");
  const before = Number(await number("Chats").textContent());
  await server.call("POST", "/conversations", { title: "One more" }, await token());
  await expect.poll(() => number("Chats").textContent(), { timeout: 10_000 }).toBe(String(before + 1));
  const overview = await server.call("GET", "/analytics/overview", undefined, await token());
  expect(await number("Messages").textContent()).toBe(String(overview.messages));
  expect(await number("People").textContent()).toBe(String(overview.users));
  expect(await number("Uptime").textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(wrongs).toEqual([]);
});

it("tells what was used by day, model, assistant and person, and saves it as a file", async () => {
  const { page, wrongs } = ada;
  const { id } = await server.call("POST", "/conversations", {}, await token());
  const asked = { content: "Where is my data stored?", model: "builtin/guide" };
  await server.call("POST", `/conversations/${String(id)}/messages`, asked, await token());
  await page.goto("/admin/overview");
  const models = page.getByRole("table", { name: "By model" });
  await models.getByRole("row").filter({ hasText: "Built-in guide" }).waitFor();
  const chart = page.getByRole("group", { name: "Answers per day" });
  expect(await chart.getByRole("button").count()).toBe(30);
  const today = chart.getByRole("button", { name: /: \d+ answers?$/ }).last();
  await today.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/: 0 answers$/);
  await page.getByRole("tab", { name: "By day" }).click();
  await page.getByRole("table", { name: "By day" }).getByRole("row").nth(31).waitFor();
  await chooseOption(page, "Period", "7 days");
  await expect.poll(() => page.getByRole("table", { name: "By day" }).getByRole("row").count()).toBe(9);
  await page.getByRole("tab", { name: "By user" }).click();
  await page.getByRole("table", { name: "By user" }).getByRole("cell", { name: "Ada" }).waitFor();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  expect((await saving).suggestedFilename()).toMatch(/^usage-by-user-.*\.csv$/);
  expect(wrongs).toEqual([]);
});

it("keeps the titles of its pages in one place", async () => {
  const { page } = ada;
  const tops = new Set<number | undefined>();
  await page.goto("/admin/overview");
  for (const name of ["Overview", "People", "Models", "Event log", "Read models", "Backups"]) {
    await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name, exact: true }).click();
    const heading = page.getByRole("heading", { level: 1, name, exact: true });
    await heading.waitFor();
    tops.add((await heading.boundingBox())?.y);
  }
  expect(tops.size).toBe(1);
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  answers,
  ask,
  begin,
  chooseModel,
  chooseOption,
  GREETING,
  launch,
  PERSON,
  signIn,
  tab,
  visit,
  type Watched,
} from "./browser";
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
  server = await Server.start({ OLLAMA_HOST: provider.host, CONVOSPHERE_SERVER__REGISTRATION: "open" });
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

function room(page: Page, name: string) {
  return page.getByRole("region", { name });
}

it("offers a server of models that runs on this machine once it is set up, and asks it", async () => {
  const { page, wrongs } = ada;
  await begin(page, server);
  await page.getByRole("button", { name: "Connect ollama" }).click();
  await page.getByRole("heading", { name: GREETING }).waitFor();
  await chooseModel(page, "echo");
  await ask(page, "Is anybody there?");
  await answers(page).filter({ hasText: "Is anybody there?" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("makes an assistant, tries it beside its form, keeps its versions, and ends it", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "New assistant" }).click();
  await page.getByLabel("Name").fill("Poet");
  await page.getByLabel("Instructions").fill("Answer in verse.");
  await chooseOption(page, "Model", "ollama/echo");
  await page.getByLabel("Temperature").fill("3");
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByText("Enter a number between 0 and 2.").waitFor();
  expect(await page.getByLabel("Instructions").inputValue()).toBe("Answer in verse.");
  await page.getByLabel("Temperature").fill("0,5");
  await page.getByRole("button", { name: "Create draft" }).click();
  const poet = room(page, "Poet");
  await poet.getByText("Draft", { exact: true }).waitFor();
  // A draft is for its owner to try.
  await ask(page, "Roses are red");
  await answers(page).filter({ hasText: "Roses are red" }).waitFor();
  await page.getByLabel("Description").fill("Rhymes.");
  await page.getByRole("button", { name: "Save" }).click();
  await poet.getByText("Version 2", { exact: true }).waitFor();
  // Somebody else saves while one types: neither is lost unseen.
  const poetId = new URL(page.url()).pathname.split("/").pop() ?? "";
  await page.getByLabel("Description").fill("Rhymes twice.");
  await server.call("PATCH", `/assistants/${poetId}`, { description: "Does not rhyme." }, await token());
  await page.getByText("Someone else saved a newer version.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page
    .getByText(/Someone else changed this|newer version/)
    .first()
    .waitFor();
  expect(await page.getByLabel("Description").inputValue()).toBe("Rhymes twice.");
  await page.getByRole("button", { name: "Load newer version" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("Does not rhyme.");
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await poet.getByText("Version 4", { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "Configure" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("");
  await page.getByRole("button", { name: "Activate" }).click();
  await poet.getByText("Active", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Assistants" }).click();
  const card = page.getByRole("listitem").filter({ hasText: "Poet" });
  await card.getByRole("link", { name: "Chat" }).click();
  await ask(page, "Violets are blue");
  await answers(page).getByText("ollama/echo · v4").waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Assistants" }).click();
  // The whole card opens it.
  await card.click({ position: { x: 8, y: 8 } });
  // What is typed is not lost by a press beside it.
  await page.getByLabel("Description").fill("Forgotten.");
  await page.getByRole("link", { name: "Knowledge" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep editing" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("Forgotten.");
  await page.getByRole("button", { name: "Actions for Poet" }).click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  await poet.getByText("Inactive", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete assistant" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete assistant" }).click();
  await page.getByRole("heading", { name: "Assistants" }).waitFor();
  await card.waitFor({ state: "detached" });
  expect(wrongs).toEqual([]);
});

it("lets people in, gives them roles and keeps them out, at once", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("link", { name: "Administration" }).click();
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Name").fill(BOB.display_name);
  await page.getByLabel("Email").fill("nonsense");
  await page.getByLabel("Password").fill(BOB.password);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Enter an email address such as").waitFor();
  await page.getByLabel("Email").fill(BOB.email);
  await page.getByRole("button", { name: "Create" }).click();
  const row = page.getByRole("row").filter({ hasText: BOB.email });
  await row.waitFor();
  const bob = await visit(browser, server);
  await signIn(bob.page, BOB);
  // What is for administrators is not there for others, by no way.
  expect(await bob.page.getByRole("link", { name: "Dashboard" }).count()).toBe(0);
  await bob.page.goto("/dashboard");
  await bob.page.getByText("You don't have access to this page.").waitFor();
  await row.getByLabel("Role of Bob").selectOption("manager");
  await vi.waitFor(async () => {
    const { items } = await server.call("GET", "/users", undefined, await token());
    expect((items as { email: string; role: string }[]).find(({ email }) => email === BOB.email)?.role).toBe("manager");
  });
  // A new role opens and closes rooms of a page that is open.
  await row.getByLabel("Role of Bob").selectOption("admin");
  await bob.page.getByRole("heading", { name: "Dashboard" }).waitFor();
  await row.getByLabel("Role of Bob").selectOption("manager");
  await bob.page.getByText("You don't have access to this page.").waitFor();
  await row.getByRole("button", { name: "Suspend Bob" }).click();
  await row.getByText("Suspended").waitFor();
  await bob.page.getByRole("button", { name: "Sign in" }).waitFor();
  await row.getByRole("button", { name: "Reactivate Bob" }).click();
  await row.getByText("Active").waitFor();
  // The one who asks cannot be kept out by a slip.
  await page.getByRole("row").filter({ hasText: PERSON.email }).getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("table").getByRole("alert").waitFor();
  expect([...wrongs, ...bob.wrongs]).toEqual([]);
  await bob.context.close();
});

it("tests and removes a provider", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/providers");
  const row = page.getByRole("row").filter({ hasText: "ollama" });
  await row.getByText("Online", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Add provider" }).click();
  await page.getByLabel("Base URL").fill("http://127.0.0.1:1/v1");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText("CONVOSPHERE_EGRESS__ALLOW=127.0.0.1:1").waitFor();
  await page.keyboard.press("Escape");
  provider.close();
  await row.getByRole("button", { name: "Test ollama" }).click();
  await row.getByText("Unreachable").waitFor();
  await row.getByRole("button", { name: "Remove ollama" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("No provider connected").waitFor();
  expect(wrongs).toEqual([]);
});

it("follows the log, narrows it, opens an event, and verifies the chain", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/log");
  const events = page.getByRole("group", { name: "Events" });
  await events.getByRole("button").last().waitFor();
  const title = "Seen in the log";
  const { id } = await server.call("POST", "/conversations", { title }, await token());
  await events.getByRole("button", { name: "conversation_started" }).last().waitFor();
  await page.getByLabel("Object ID").fill(String(id));
  await page.getByRole("button", { name: "Apply" }).click();
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
  await page.getByRole("button", { name: "Verify integrity" }).click();
  await page.getByText(/All [\d,]+ events verified/).waitFor();
  expect(wrongs).toEqual([]);
});

it("shows how far read models are, and makes one anew", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/projections");
  const row = page.getByRole("row").filter({ hasText: "conversations" });
  await row.getByRole("button", { name: "Rebuild conversations" }).click();
  await row.getByText("Rebuilt").waitFor();
  expect(wrongs).toEqual([]);
});

it("makes a backup, and lists it", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/backups");
  await page.getByText("No backups yet").waitFor();
  await page.getByText("Automatic backups are off.").waitFor();
  await page.getByRole("button", { name: "Back up now" }).click();
  await page.getByText("Backup created and verified").waitFor();
  await page.getByRole("cell", { name: /\.backup$/ }).waitFor();
  expect(wrongs).toEqual([]);
});

it("counts on the dashboard what there is, as it happens", async () => {
  const { page, wrongs } = ada;
  await page.goto("/dashboard");
  const number = (name: string) => page.locator("dt", { hasText: name }).locator("+ dd");
  const before = Number(await number("Chats").textContent());
  await server.call("POST", "/conversations", { title: "One more" }, await token());
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll("dt")].some(
        (dt) => dt.textContent === "Chats" && dt.nextElementSibling?.textContent === count,
      ),
    String(before + 1),
  );
  const overview = await server.call("GET", "/analytics/overview", undefined, await token());
  expect(await number("Messages").textContent()).toBe(String(overview.messages));
  expect(await number("Users").textContent()).toBe(String(overview.users));
  expect(await number("Uptime").textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(wrongs).toEqual([]);
});

it("tells what was used by day, model, assistant and person, as it happens", async () => {
  const { page, wrongs } = ada;
  await page.goto("/dashboard");
  const models = page.getByRole("table", { name: "By model" });
  const guide = models.getByRole("row").filter({ hasText: "builtin/guide" }).getByRole("cell");
  const answered = async () => Number(await guide.nth(2).textContent());
  await page.getByRole("img", { name: "Answers per day" }).waitFor();
  const begun = await server.call("POST", "/conversations", {}, await token());
  const asked = { content: "Where is my data stored?", model: "builtin/guide" };
  await server.call("POST", `/conversations/${String(begun.id)}/messages`, asked, await token());
  await guide.first().waitFor();
  const before = await answered();
  await server.call("POST", `/conversations/${String(begun.id)}/messages`, asked, await token());
  await expect.poll(answered, { timeout: 10_000 }).toBeGreaterThan(before);
  await page.getByText("Show as table").click();
  await page.getByRole("table", { name: "By day" }).getByRole("row").nth(30).waitFor();
  await page.getByLabel("Period").selectOption("7");
  await page.getByRole("table", { name: "By day" }).getByRole("row").nth(7).waitFor();
  await expect.poll(() => page.getByRole("table", { name: "By day" }).getByRole("row").count()).toBe(8);
  await page.getByRole("table", { name: "By user" }).getByRole("cell", { name: "Ada" }).waitFor();
  await page.getByRole("table", { name: "By assistant" }).getByRole("cell", { name: "Guide" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("goes anywhere by keyboard", async () => {
  const { page, wrongs } = ada;
  await page.goto("/archive");
  await page.getByRole("tab", { name: "Trash" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search or jump to…" }).waitFor();
  await page.keyboard.type("assist");
  await page.getByRole("menuitem", { name: "Assistants" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Assistants" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("violets");
  const hit = page.getByRole("menuitem").filter({ hasText: "Violets" }).first();
  await hit.waitFor();
  await hit.click();
  await page.getByRole("article", { name: "You" }).filter({ hasText: "Violets are blue" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("takes conversations out of the archive and the trash", async () => {
  const { page, wrongs } = ada;
  const made = async (title: string) =>
    String((await server.call("POST", "/conversations", { title }, await token())).id);
  await server.call("PATCH", `/conversations/${await made("Put away")}`, { archived: true }, await token());
  await server.call("DELETE", `/conversations/${await made("Thrown away")}`, undefined, await token());
  await page.goto("/archive");
  const list = page.getByRole("navigation", { name: "Chats" });
  await page.getByRole("button", { name: "Unarchive: Put away" }).click();
  await list.getByRole("link", { name: "Put away" }).waitFor();
  await page.getByText("No archived chats").waitFor();
  await page.getByRole("tab", { name: "Trash" }).click();
  await page.getByRole("button", { name: "Restore: Thrown away" }).click();
  await list.getByRole("link", { name: "Thrown away" }).waitFor();
  await page.getByText("Trash is empty").waitFor();
  expect(wrongs).toEqual([]);
});

it("tells of an answer that ends out of sight", async () => {
  const { page, context } = ada;
  await context.grantPermissions(["notifications"]);
  const hidden = await tab(context, server);
  // Every page of this browser counts as seen; and what the system would show is written down instead.
  await hidden.page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    function tell(title: string, { body }: { body: string }) {
      told.push(`${title}: ${body}`);
    }
    globalThis.Notification = Object.assign(tell, { permission: "granted" }) as never;
  });
  await server.call("PATCH", "/users/me/preferences", { notify_answers: true }, await token());
  await hidden.page.goto("/archive");
  await hidden.page.getByRole("tab", { name: "Trash" }).waitFor();
  await page.goto("/");
  await ask(page, "Where is my data stored?");
  await hidden.page.waitForFunction(() => (globalThis as unknown as { told: string[] }).told.length > 0);
  const told = await hidden.page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  expect(told[0]).toContain("Answer ready");
  expect(hidden.wrongs).toEqual([]);
  await hidden.page.close();
});

it("can be installed", async () => {
  const { page, context } = ada;
  const session = await context.newCDPSession(page);
  await page.goto("/");
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A browser that keeps nothing offers it to nobody.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
});

it("ends the sessions of other devices, and all of them", async () => {
  const { page } = ada;
  const other = await visit(browser, server);
  await signIn(other.page);
  await page.getByRole("button", { name: "Settings" }).click();
  const sessions = page.getByRole("region", { name: "Signed-in devices" });
  await sessions.getByText("This device").waitFor();
  while ((await sessions.getByRole("button", { name: "Sign out", exact: true }).count()) > 0) {
    const count = await sessions.getByRole("listitem").count();
    await sessions.getByRole("button", { name: "Sign out", exact: true }).first().click();
    await vi.waitFor(async () => expect(await sessions.getByRole("listitem").count()).toBeLessThan(count));
  }
  await other.page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await other.context.close();
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  accountMenu,
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
  await page.getByRole("link", { name: "Start chatting" }).click();
  await page.getByRole("heading", { name: GREETING }).waitFor();
  await chooseModel(page, "echo");
  await ask(page, "Is anybody there?");
  await answers(page).filter({ hasText: "Is anybody there?" }).waitFor();
  expect(wrongs).toEqual([]);
});

it("makes an assistant, tries it beside its form, keeps its versions, and ends it", async () => {
  const { page, wrongs } = ada;
  await page.getByRole("navigation").getByRole("link", { name: "Assistants" }).click();
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
  await page.getByRole("navigation").getByRole("link", { name: "Assistants" }).click();
  const card = page.getByRole("main").getByRole("listitem").filter({ hasText: "Poet" });
  await card.getByRole("link", { name: "Chat" }).click();
  await ask(page, "Violets are blue");
  await answers(page).getByText("Poet", { exact: true }).waitFor();
  await answers(page).getByText("echo", { exact: true }).waitFor();
  await page.goBack();
  await page.getByRole("navigation").getByRole("link", { name: "Assistants" }).click();
  // The whole card opens it.
  await card.click({ position: { x: 8, y: 8 } });
  // What is typed is not lost by a press beside it.
  await page.getByLabel("Description").fill("Forgotten.");
  await page.getByRole("navigation").getByRole("link", { name: "Knowledge", exact: true }).click();
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

it("keeps the box of a new chat where it is when an assistant is chosen", async () => {
  const { page, context } = await visit(browser, server);
  const access = await token();
  const described = { name: "Clerk", description: "Answers from the handbook.", instructions: "Answer briefly." };
  const { id } = await server.call("POST", "/assistants", described, access);
  await server.call("POST", `/assistants/${String(id)}/activate`, undefined, access);
  await signIn(page);
  const card = page.getByRole("list", { name: "Suggestions" }).getByRole("link", { name: /^Clerk/ });
  await card.waitFor();
  const place = async () => (await page.locator("textarea").boundingBox())?.y;
  const before = await place();
  await card.click();
  await page.getByRole("heading", { name: "Clerk" }).waitFor();
  expect(await place()).toBe(before);
  await context.close();
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
  await accountMenu(page, "Settings");
  await page.getByRole("tab", { name: "Signed-in devices" }).click();
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

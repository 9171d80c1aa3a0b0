/** What goes wrong between the page and its server, and how the page comes out of it by itself. */
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accountMenu, answers, ask, box, launch, newChat, PERSON, setUp, signIn, visit, type Watched } from "./browser";
import { Server } from "./server";

let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function tokenOf(person: { email: string; password: string }): Promise<string> {
  const { email, password } = person;
  return String((await server.call("POST", "/auth/login", { email, password })).access_token);
}

const CHATS = "**/api/v1/conversations";

/** What becomes of the request that creates a chat; lists of chats come as ever. */
function onCreate(page: Page, handle: (route: Route) => Promise<void>): Promise<unknown> {
  return page.route(CHATS, (route) => (route.request().method() === "POST" ? handle(route) : route.fallback()));
}

/** A page of the proxy in front of a server. */
const proxy = (status: number) => ({ status, contentType: "text/html", body: "<h1>nginx</h1>" });

it("hears again what a database outage took from it: a refused subscription is asked for again", async () => {
  const token = await tokenOf(PERSON);
  const { id } = await server.call("POST", "/conversations", { title: "Deaf" }, token);
  const { page, context } = await visit(browser, server);
  let refused = 0;
  await page.routeWebSocket(/\/api\/v1\/ws$/, (socket) => {
    const there = socket.connectToServer();
    socket.onMessage((message) => {
      const said = JSON.parse(String(message)) as { type: string; conversation_id?: string };
      if (said.type === "subscribe" && said.conversation_id === id && refused < 2) {
        refused += 1;
        const data = { status: 503, code: "database_unavailable", detail: "the database is unavailable; try again" };
        socket.send(JSON.stringify({ type: "error", data, conversation_id: id }));
      } else {
        there.send(message);
      }
    });
  });
  await signIn(page);
  await page.goto(`/c/${String(id)}`);
  await expect.poll(() => refused, { timeout: 20_000 }).toBe(2);
  await server.call(
    "POST",
    `/conversations/${String(id)}/messages`,
    { content: "From elsewhere", respond: false },
    token,
  );
  await page.getByRole("article", { name: "You" }).filter({ hasText: "From elsewhere" }).waitFor();
  await context.close();
});

it("shows a room again after the server was started again, and covers no composer meanwhile", async () => {
  const { page } = ada;
  await newChat(page);
  await ask(page, "Where is my data stored?");
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  await page.reload();
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  const chat = page.url();
  // The room's own code is away as well: it comes with the server.
  await server.kill();
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("status", { name: "Loading…" }).first().waitFor();
  await server.begin();
  await page.getByRole("link", { name: "General assistant" }).first().waitFor({ timeout: 40_000 });

  // Only what it shows is away.
  await page.route("**/api/v1/assistants*", (route) => route.abort());
  await page.reload();
  await page.getByText("Can't reach the server.").first().waitFor();
  await server.kill();
  await page.unroute("**/api/v1/assistants*");
  await server.begin();
  await page.getByRole("link", { name: "General assistant" }).first().waitFor({ timeout: 40_000 });
  await page.getByText("Can't reach the server.").first().waitFor({ state: "detached" });

  // The same in a chat: its error stands above the box, and goes.
  await page.goto(chat);
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  await page.route("**/messages?*", (route) => route.abort());
  // Another tab has edited: the thread is read again, and cannot be.
  const token = await tokenOf(PERSON);
  const id = chat.split("/").at(-1) ?? "";
  const { items } = await server.call("GET", `/conversations/${id}/messages`, undefined, token);
  const question = (items as { id: string; role: string }[]).find(({ role }) => role === "user")?.id ?? "";
  await server.call("POST", `/messages/${question}/edit`, { content: "What roles are there?" }, token);
  const error = page.getByRole("alert").filter({ hasText: "Can't reach the server." });
  await error.waitFor();
  const [above, below] = [await error.boundingBox(), await box(page).boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await server.kill();
  await page.unroute("**/messages?*");
  await server.begin();
  await error.waitFor({ state: "detached", timeout: 40_000 });
  await page.getByRole("article", { name: "You" }).filter({ hasText: "What roles are there?" }).waitFor();
});

it("names a proxy without a server, and shows the room once it has one", async () => {
  const { page } = ada;
  await page.route("**/api/v1/assistants*", (route) => route.fulfill(proxy(502)));
  await page.goto("/assistants");
  await page.getByText("The proxy in front of the server can't reach it (status 502).").waitFor();
  await page.unroute("**/api/v1/assistants*");
  await page.getByRole("link", { name: "General assistant" }).first().waitFor({ timeout: 40_000 });
});

it("keeps the draft where a proxy asks to sign in, and leaves the session alone", async () => {
  const { page } = ada;
  await page.goto("/");
  await box(page).fill("Not lost at the proxy");
  await page.route("**/api/v1/**", (route) => route.fulfill(proxy(401)));
  await box(page).press("Enter");
  await page.getByText("A proxy in front of the server asks you to sign in.").first().waitFor();
  await page.unroute("**/api/v1/**");
  await page.getByRole("button", { name: "Reload" }).first().click();
  await expect
    .poll(() =>
      box(page)
        .inputValue()
        .catch(() => ""),
    )
    .toBe("Not lost at the proxy");
  await box(page).fill("");
});

it("leaves no empty chat behind when the first message is refused, and calls nobody back", async () => {
  const { page } = ada;
  await newChat(page);
  const list = page.getByRole("navigation", { name: "Chats" }).getByRole("listitem");
  const before = await list.count();
  const body = JSON.stringify({
    code: "quota_exceeded",
    detail: "there is no room for this",
    errors: [],
    request_id: "r",
  });
  const refusal = { status: 409, contentType: "application/problem+json", body };
  await onCreate(page, (route) => route.fulfill(refusal));
  for (let n = 0; n < 2; n++) {
    await box(page).fill("Refused at first");
    await box(page).press("Enter");
    await page.getByText("Your storage is full.").waitFor();
    await expect.poll(() => list.count()).toBe(before);
    expect(await box(page).inputValue()).toBe("Refused at first");
  }
  await page.unroute(CHATS);
  // Sent while the person has gone on: they stay where they are, and it is there.
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  await onCreate(page, async (route) => {
    await gate;
    await route.continue();
  });
  await box(page).press("Enter");
  await page.getByRole("navigation").getByRole("link", { name: "Knowledge", exact: true }).click();
  await page.getByRole("heading", { name: "Knowledge" }).waitFor();
  go();
  await page.getByRole("link", { name: "Refused at first" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/knowledge");
  await page.unroute(CHATS);
});

it("makes one conversation of a double click, and keeps what is typed while a message is sent", async () => {
  const { page } = ada;
  await newChat(page);
  const created: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/conversations")) {
      created.push(request.url());
    }
  });
  await box(page).fill("What can you do?");
  await page.getByRole("button", { name: "Send" }).dblclick();
  await answers(page).first().waitFor();
  expect(created).toHaveLength(1);
  await newChat(page);
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  await onCreate(page, async (route) => {
    await gate;
    await route.continue();
  });
  await box(page).fill("The first one");
  await box(page).press("Enter");
  await box(page).pressSequentially("Typed meanwhile");
  go();
  await page.getByRole("article", { name: "You" }).filter({ hasText: "The first one" }).waitFor();
  await expect.poll(() => box(page).inputValue()).toBe("Typed meanwhile");
  await page.unroute(CHATS);
  await box(page).fill("");
});

it("answers over server-sent events where WebSockets are blocked, and tells the administrator", async () => {
  const { page, context } = await visit(browser, server);
  await page.routeWebSocket(/\/api\/v1\/ws$/, (socket) => void socket.close());
  await signIn(page);
  await page.getByText("WebSockets don't reach the server").waitFor({ timeout: 30_000 });
  await ask(page, "Where is my data stored?");
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  await ask(page, "What roles are there?");
  await answers(page).nth(1).locator(".prose").waitFor();
  await context.close();
});

it("comes back to the same place and draft after the session was ended elsewhere", async () => {
  const { page, context } = await visit(browser, server);
  await signIn(page);
  await page.goto("/assistants");
  await page.goto("/");
  await ask(page, "Where is my data stored?");
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  await box(page).fill("Half a thought");
  const place = page.url();
  await server.call("DELETE", "/auth/sessions", undefined, await tokenOf(PERSON));
  await page.getByText("Your session ended. Sign in to continue where you left off.").waitFor({ timeout: 30_000 });
  await page.getByLabel("Email").fill(PERSON.email);
  await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await box(page).waitFor();
  expect(page.url()).toBe(place);
  expect(await box(page).inputValue()).toBe("Half a thought");
  // A link that is opened while nobody is signed in leads there as well.
  await accountMenu(page, "Sign out");
  await page.getByLabel("Email").waitFor();
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  await page.goto("/knowledge");
  await page.getByLabel("Email").fill(PERSON.email);
  await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Knowledge" }).waitFor();
  await context.close();
});

it("shows the next person at the same browser nothing of what the last one typed", async () => {
  const bob = { display_name: "Bob", email: "bob@example.org", password: "correct horse" };
  await server.call("POST", "/auth/register", bob);
  const { page, context } = await visit(browser, server);
  await signIn(page, bob);
  await box(page).fill("DRAFTSECRET of Bob");
  await page.close();
  await server.call("DELETE", "/auth/sessions", undefined, await tokenOf(bob));
  const next = await context.newPage();
  await signIn(next);
  expect(await box(next).inputValue()).toBe("");
  const kept = await next.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(kept).not.toContain("DRAFTSECRET");
  await context.close();
});

it("loads itself again once where the server has other parts by now, and keeps the draft", async () => {
  const { page, context } = await visit(browser, server);
  await signIn(page);
  await box(page).fill("Kept over the reload");
  let loads = 0;
  page.on("framenavigated", () => (loads += 1));
  await page.route("**/client/AssistantsPage-*.js", (route) => route.fulfill({ status: 404, body: "" }));
  loads = 0;
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.waitForEvent("load");
  await box(page).waitFor();
  expect(await box(page).inputValue()).toBe("Kept over the reload");
  // Where a fresh page finds nothing either, it says so, once.
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByText("This part of the page couldn't be loaded.").waitFor();
  await page.unroute("**/client/AssistantsPage-*.js");
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "General assistant" }).first().waitFor();
  await context.close();
});

it("moves nothing while it is offline, and covers no composer with what it tells", async () => {
  const { page, context } = await visit(browser, server);
  await signIn(page);
  const top = async () => (await page.locator("main").boundingBox())?.y;
  const before = await top();
  await context.setOffline(true);
  await page.getByText("You're offline.").waitFor();
  expect(await top()).toBe(before);
  await context.setOffline(false);
  await ask(page, "Where is my data stored?");
  await answers(page).filter({ hasText: "All data is stored" }).waitFor();
  const composer = await box(page).boundingBox();
  await page
    .getByRole("button", { name: /^Actions for / })
    .last()
    .click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  const notice = await page.getByRole("alertdialog").boundingBox();
  expect((notice?.y ?? Infinity) + (notice?.height ?? 0)).toBeLessThan(composer?.y ?? 0);
  await context.close();
});

import { mkdirSync } from "node:fs";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, launch, setUp, signIn, visit } from "./browser";
import { Server } from "./server";

/** Screenshots of every page are kept here. */
const SHOTS = new URL("../../target/screenshots/", import.meta.url).pathname;

let server: Server;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  server = await Server.start({ CONVOSPHERE_SERVER__REGISTRATION: "open" });
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Rooms beside the chat: the name of the picture, the address, and a text that is there once it is whole. */
const ROOMS = [
  ["assistants", "/assistants", "Guide"],
  ["new-assistant", "/assistants/new", "Create draft"],
  ["knowledge", "/knowledge", "No knowledge bases yet. Create one and add documents for your assistants."],
  ["new-knowledge", "/knowledge/new", "Separated by commas"],
  ["search", "/search?q=data", "Where is my data stored?"],
  ["archive", "/archive", "Trash is empty"],
  ["portability", "/portability", "Download archive"],
  ["groups", "/groups", "No groups yet. Create one to share knowledge with its members."],
  ["dashboard", "/dashboard", "Active now"],
  ["users", "/admin/users", "ada@example.org"],
  ["providers", "/admin/providers", "No provider connected. Only the built-in guide can answer."],
  ["log", "/admin/log", "answer_added"],
  ["projections", "/admin/projections", "conversations"],
  ["backups", "/admin/backups", "No backups yet"],
] as const;

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

it("is open to everybody in each of its rooms, light and dark, on a desk and on a phone", async () => {
  const first = await visit(browser, server);
  await first.page.goto(server.setUpLink);
  await first.page.getByRole("button", { name: "Create account" }).waitFor();
  expect(await serious(first.page)).toEqual([]);
  await first.page.screenshot({ path: `${SHOTS}set-up.png` });
  await setUp(first.page, server);
  await ask(first.page, "Where is my data stored?");
  await answers(first.page).getByRole("link").first().waitFor();
  const conversation = new URL(first.page.url()).pathname;
  await first.context.close();
  for (const size of ["desktop", "phone"] as const) {
    for (const dark of [false, true]) {
      const name = `${size}-${dark ? "dark" : "light"}`;
      const { page, context, wrongs } = await visit(browser, server, size, dark);
      const look = async (room: string) => {
        expect(await serious(page), `${room}, ${name}`).toEqual([]);
        await page.screenshot({ path: `${SHOTS}${room}-${name}.png` });
      };
      await page.goto("/register");
      await page.getByRole("button", { name: "Create account" }).waitFor();
      await look("sign-up");
      await page.goto("/login");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await look("sign-in");
      await signIn(page);
      await look("new-chat");
      await page.goto(conversation);
      await answers(page).getByRole("link").first().waitFor();
      await look("chat");
      if (size === "phone") {
        await page.getByRole("button", { name: "Menu" }).click();
        await page.getByRole("navigation", { name: "Chats" }).waitFor();
        await look("menu");
        await page.getByRole("button", { name: "Close menu" }).click({ position: { x: 380, y: 400 } });
        await page.getByRole("navigation", { name: "Chats" }).waitFor({ state: "hidden" });
        await page.getByRole("button", { name: "Menu" }).click();
      }
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("dialog").waitFor();
      await look("settings");
      await page.keyboard.press("Escape");
      for (const [room, path, text] of ROOMS) {
        await page.goto(path);
        await page.getByRole("main").getByText(text, { exact: true }).first().waitFor();
        await look(room);
      }
      await page.goto("/assistants");
      await page.getByRole("link", { name: "Guide" }).click();
      await page.getByRole("heading", { name: "Performance" }).or(page.getByText("Median time")).first().waitFor();
      await look("assistant");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
      await look("keys");
      await page.goto("/connect");
      await page.getByRole("heading", { name: "Connect a model" }).waitFor();
      await look("connect");
      await page.goto("/");
      await page.getByRole("heading", { name: "How can I help?" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("menuitem", { name: "Dashboard" }).waitFor();
      await look("palette");
      await page.goto("/no-such-page");
      await page.getByRole("heading", { name: "Page not found" }).waitFor();
      await look("not-found");
      expect(wrongs).toEqual([]);
      await context.close();
    }
  }
});

it("shows its first words soon", async () => {
  const { page, context } = await visit(browser, server);
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  // Measured, not judged: how fast a machine is decides no test.
  console.log(`first contentful paint on localhost: ${paint?.toFixed(0) ?? "?"} ms`);
  expect(paint).toBeGreaterThan(0);
  await context.close();
});

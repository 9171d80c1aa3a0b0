/** Knowledge for a group: who is put into it reads it, and reads it no more once taken out. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tick, chooseOption, launch, setUp, signIn, visit, type Watched } from "./browser";
import { DOCUMENTS, Server } from "./server";

const BOB = { display_name: "Bob", email: "bob@example.org", password: "correct horse" };

let server: Server;
let browser: Browser;
let ada: Watched;
let bob: Watched;

beforeAll(async () => {
  server = await Server.start({ CONVOSPHERE_SERVER__REGISTRATION: "open" });
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
  await server.call("POST", "/auth/register", BOB);
  bob = await visit(browser, server);
  await signIn(bob.page, BOB);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

it("makes a group and puts somebody into it", async () => {
  const { page, wrongs } = ada;
  await page.goto("/admin/groups");
  await page.getByText("No groups yet.").waitFor();
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name").fill("Keepers");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("No members yet").waitFor();
  await page.getByRole("combobox", { name: "Name or email" }).fill("nobody@example.org");
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByText("No user with this email.").waitFor();
  await page.getByRole("combobox", { name: "Name or email" }).fill("Bo");
  await page.getByRole("option", { name: "Bob" }).click();
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByRole("cell", { name: "bob@example.org" }).waitFor();
  // A refused address is told by the browser's console as well.
  expect(wrongs.filter((wrong) => !wrong.includes("422"))).toEqual([]);
});

it("shares a knowledge base with it, which its members find and others do not", async () => {
  const { page } = ada;
  await page.getByRole("navigation").getByRole("link", { name: "Knowledge", exact: true }).click();
  await page.getByRole("link", { name: "New knowledge base" }).first().click();
  await page.getByLabel("Name").fill("Lighthouse");
  await chooseOption(page, "Access", "Groups");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Choose at least one group.").waitFor();
  await tick(page, "Keepers");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator("input[type=file]").setInputFiles(`${DOCUMENTS}handbook.pdf`);
  await page.getByRole("row").filter({ hasText: "handbook.pdf" }).getByText("Ready").waitFor();

  await bob.page.getByRole("navigation").getByRole("link", { name: "Knowledge", exact: true }).click();
  await bob.page.getByRole("link", { name: "Lighthouse" }).click();
  await bob.page.getByRole("tab", { name: "Search" }).click();
  await bob.page.getByLabel("Question or keywords").fill("When does leave that was not taken lapse?");
  await bob.page.getByRole("main").getByRole("button", { name: "Search", exact: true }).click();
  await bob.page.getByRole("link", { name: "handbook.pdf, page 1" }).waitFor();
  expect(await bob.page.getByRole("link", { name: "Groups" }).count()).toBe(0);

  await page.goto("/admin/groups");
  await page.getByRole("link", { name: "Keepers" }).click();
  await page.getByRole("button", { name: "Actions for Bob" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByText("No members yet").waitFor();
  await bob.page.reload();
  await bob.page.getByText("This doesn't exist, or you don't have access to it.").waitFor();
  expect(bob.wrongs.filter((wrong) => !wrong.includes("404"))).toEqual([]);
});

/** Knowledge for a group: who is put into it reads it, and reads it no more once taken out. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launch, setUp, signIn, visit, type Watched } from "./browser";
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
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByText("There is no group yet.").waitFor();
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name").fill("Keepers");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Keepers" }).click();
  await page.getByText("Nobody is in it yet.").waitFor();
  await page.getByLabel("Email of somebody who has an account").fill("nobody@example.org");
  await page.getByRole("button", { name: "Add a member" }).click();
  await page.getByText("there is no user with this id or address").waitFor();
  await page.getByLabel("Email of somebody who has an account").fill("Bob@example.org");
  await page.getByRole("button", { name: "Add a member" }).click();
  await page.getByRole("cell", { name: "bob@example.org" }).waitFor();
  // A refused address is told by the browser's console as well.
  expect(wrongs.filter((wrong) => !wrong.includes("422"))).toEqual([]);
});

it("shares a knowledge base with it, which its members find and others do not", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "Knowledge" }).click();
  await page.getByRole("link", { name: "New knowledge base" }).click();
  await page.getByLabel("Name").fill("Lighthouse");
  await page.getByLabel("Who reads it").selectOption("Groups");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("group_ids must contain at least one group").waitFor();
  await page.getByLabel("Keepers").check();
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator("input[type=file]").setInputFiles(`${DOCUMENTS}handbook.pdf`);
  await page.getByRole("row").filter({ hasText: "handbook.pdf" }).getByText("Ready").waitFor();

  await bob.page.getByRole("link", { name: "Knowledge" }).click();
  await bob.page.getByRole("link", { name: "Lighthouse" }).click();
  await bob.page.getByLabel("Question or words").fill("When does leave that was not taken lapse?");
  await bob.page.getByRole("button", { name: "Find" }).click();
  await bob.page.getByRole("link", { name: "handbook.pdf, page 1" }).waitFor();
  expect(await bob.page.getByRole("link", { name: "Groups" }).count()).toBe(0);

  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByRole("link", { name: "Keepers" }).click();
  await page.getByRole("button", { name: "Remove Bob" }).click();
  await page.getByText("Nobody is in it yet.").waitFor();
  await bob.page.reload();
  await bob.page.getByText("the object does not exist").waitFor();
  expect(bob.wrongs.filter((wrong) => !wrong.includes("404"))).toEqual([]);
});

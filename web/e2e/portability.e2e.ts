/** What a person takes along, and what it brings: everything as one archive, and an export of ChatGPT. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attach, answers, ask, launch, setUp, signIn, visit, type Watched } from "./browser";
import { DOCUMENTS, Server } from "./server";

const BOB = { display_name: "Bob", email: "bob@example.org", password: "correct horse" };

let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  server = await Server.start({ CONVOSPHERE_SERVER__REGISTRATION: "open" });
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** A conversation as ChatGPT exports one. */
function chatgpt() {
  const said = (role: string, text: string, seconds: number) => ({
    author: { role },
    create_time: 1_700_000_000 + seconds,
    content: { content_type: "text", parts: [text] },
    recipient: "all",
    metadata: {},
  });
  const mapping = {
    root: { id: "root", parent: null, children: ["q"], message: null },
    q: { id: "q", parent: "root", children: ["a"], message: said("user", "How is tea made?", 1) },
    a: { id: "a", parent: "q", children: [], message: said("assistant", "With **water**.", 2) },
  };
  const times = { create_time: 1_700_000_000, update_time: 1_700_000_009 };
  return JSON.stringify([{ id: "tea", title: "A tea party", ...times, mapping, current_node: "a" }]);
}

it("takes everything along, and another person brings it in", async () => {
  const { page, wrongs } = ada;
  await attach(page, `${DOCUMENTS}handbook.pdf`);
  await ask(page, "How high is the lantern allowance?");
  await answers(page).getByText("forty euros a night").waitFor();
  await page.goto("/portability");
  const saving = page.waitForEvent("download");
  await region(page, "Export everything").getByRole("button", { name: "Download archive" }).click();
  const archive = await (await saving).path();
  expect(readFileSync(archive).subarray(0, 2).toString()).toBe("PK");

  await server.call("POST", "/auth/register", BOB);
  const bob = await visit(browser, server);
  await signIn(bob.page, BOB);
  await bob.page.goto("/portability");
  const room = region(bob.page, "Import");
  await room.locator("input[type=file]").setInputFiles({
    name: "everything.zip",
    mimeType: "application/zip",
    buffer: readFileSync(archive),
  });
  await room.getByText("Imported 2 messages").waitFor();
  await room.getByRole("row", { name: "Chats 1 0" }).waitFor();
  await room.getByRole("row", { name: "Files 1 0" }).waitFor();
  await room.getByRole("button", { name: "Remove uploaded file" }).click();
  await room.getByText("Uploaded file removed.").waitFor();
  // The list follows without being asked, and what was said is there with its file.
  await bob.page.getByRole("link", { name: "How high is the lantern allowance?" }).click();
  await answers(bob.page).getByText("forty euros a night").waitFor();
  await bob.page.getByRole("button", { name: "Download handbook.pdf" }).waitFor();
  await ask(bob.page, "Where is my data stored?");
  await answers(bob.page)
    .nth(1)
    .getByRole("button", { name: /source/ })
    .first()
    .waitFor();
  expect([...wrongs, ...bob.wrongs]).toEqual([]);
});

it("brings in what was said in ChatGPT, once, and says what is none", async () => {
  const { page, wrongs } = ada;
  const room = region(page, "Import");
  const give = (name: string, text: string) =>
    room.locator("input[type=file]").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  await give("conversations.json", chatgpt());
  await room.getByRole("row", { name: "Chats 1 0" }).waitFor();
  await give("again.json", chatgpt());
  await room.getByRole("row", { name: "Chats 0 1" }).waitFor();
  await give("note.json", "Just a note.");
  await page.getByRole("alert").getByText("Use a ConvoSphere or ChatGPT export.").waitFor();
  await page.getByRole("link", { name: "A tea party" }).click();
  await answers(page).getByText("With water.").waitFor();
  await page.getByText("Imported from ChatGPT").waitFor();
  expect(wrongs).toEqual([]);
});

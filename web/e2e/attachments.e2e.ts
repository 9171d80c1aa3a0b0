/** Files in a chat: chosen, dropped and pasted, kept over a reload, read by the model, had again. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attach, answers, ask, box, launch, newChat, setUp, visit, type Watched } from "./browser";
import { DOCUMENTS, Server } from "./server";

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

const chip = (name: string) => ada.page.getByRole("button", { name: `Remove ${name}` });

it("answers from a file that goes with the question, and gives the file back", async () => {
  const { page, wrongs } = ada;
  await attach(page, `${DOCUMENTS}handbook.pdf`);
  // What is to be sent survives a reload.
  await page.reload();
  await chip("handbook.pdf").waitFor();
  await ask(page, "How high is the lantern allowance?");
  await answers(page).getByText("forty euros a night").waitFor();
  await answers(page).getByText("handbook.pdf, page 3").waitFor();
  expect(await chip("handbook.pdf").count()).toBe(0);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download handbook.pdf" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe("handbook.pdf");
  expect(readFileSync(await saved.path())).toEqual(readFileSync(`${DOCUMENTS}handbook.pdf`));
  expect(wrongs).toEqual([]);
});

it("takes files that are dropped or pasted into the box, and text as text", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  const given = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["The harbour is closed in March."], "harbour.txt", { type: "text/plain" }));
    return data;
  });
  await box(page).dispatchEvent("drop", { dataTransfer: given });
  await chip("harbour.txt").waitFor();
  await chip("harbour.txt").click();
  expect(await chip("harbour.txt").count()).toBe(0);
  await box(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["The harbour is closed in March."], "pasted.txt", { type: "text/plain" }));
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await chip("pasted.txt").waitFor();
  // A message may be files alone.
  await page.getByRole("button", { name: "Send" }).click();
  await answers(page).getByText("The harbour is closed in March.").waitFor();
  expect(wrongs).toEqual([]);
});

it("says why a file was not taken, and that a sent one was deleted", async () => {
  const { page, wrongs } = ada;
  const given = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["text"], `${"a".repeat(300)}.txt`, { type: "text/plain" }));
    return data;
  });
  await box(page).dispatchEvent("drop", { dataTransfer: given });
  await page.getByRole("alert").waitFor();
  await page.getByRole("button", { name: /^Remove aaa/ }).click();
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.evaluate(async () => {
    const refreshed = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    const { access_token } = (await refreshed.json()) as { access_token: string };
    const headers = { Authorization: `Bearer ${access_token}` };
    const list = (await (await fetch("/api/v1/files", { headers })).json()) as {
      items: { id: string; name: string }[];
    };
    const id = list.items.find(({ name }) => name === "pasted.txt")?.id ?? "";
    await fetch(`/api/v1/files/${id}`, { method: "DELETE", headers });
  });
  await page.reload();
  await page.getByText("Deleted file").waitFor();
  expect(wrongs).toEqual([]);
});

/** The thread: where a sent question stands, what waits, and what never moves. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, launch, newChat, setUp, visit, type Watched } from "./browser";
import { FIRST, Provider, SECOND } from "./provider";
import { Server } from "./server";

let provider: Provider;
let server: Server;
let browser: Browser;
let ada: Watched;

beforeAll(async () => {
  provider = await Provider.start();
  server = await Server.start({ ...provider.environment, CONVOSPHERE_MODELS__DEFAULT: "builtin/guide" });
  browser = await launch();
  ada = await visit(browser, server);
  await setUp(ada.page, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

it("brings a sent question to the top of the view, wherever the person was reading", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  const long = "All work and no play. ".repeat(120);
  for (const [turn, model] of ["echo", undefined, undefined].entries()) {
    await ask(page, `Question ${turn}. ${long}`, model);
    await answers(page)
      .filter({ hasText: `Question ${turn}.` })
      .waitFor();
  }
  const region = page.getByRole("region", { name: "Messages" });
  await region.evaluate((box) => (box.scrollTop = 0));
  // The way back is a button in the middle.
  const button = await page.locator("main button:has(svg.lucide-arrow-down)").boundingBox();
  const box = await region.boundingBox();
  const middle = (at: { x: number; width: number } | null) => (at === null ? Number.NaN : at.x + at.width / 2);
  expect(Math.abs(middle(button) - middle(box))).toBeLessThan(10);
  await ask(page, "The last question");
  await page.waitForFunction(() => {
    const top = document.querySelector("[role=region]")?.getBoundingClientRect().top ?? 0;
    const question = [...document.querySelectorAll("article[aria-label=You]")].at(-1);
    const isLast = question?.textContent.includes("The last question") === true;
    return isLast && Math.abs(question.getBoundingClientRect().top - top) < 24;
  });
  expect(wrongs).toEqual([]);
});

it("says that a question waits for the answer above, and answers it then", async () => {
  const { page, wrongs } = ada;
  provider.hold();
  await newChat(page);
  await ask(page, "The first of two", "gated");
  await answers(page).filter({ hasText: FIRST.trim() }).waitFor();
  await ask(page, "The second of two");
  await page.getByText("Waiting for the answer above").waitFor();
  provider.release();
  await answers(page)
    .filter({ hasText: FIRST + SECOND })
    .nth(1)
    .waitFor();
  expect(await page.getByText("Waiting for the answer above").count()).toBe(0);
  expect(wrongs).toEqual([]);
});

it("keeps the actions of an answer where they are when its numbers arrive", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  await ask(page, "Hold still", "echo");
  const copy = answers(page).getByRole("button", { name: "Copy", exact: true });
  await copy.waitFor();
  const before = await copy.boundingBox();
  await answers(page).getByText("echo", { exact: true }).waitFor();
  expect(await copy.boundingBox()).toEqual(before);
  expect(wrongs).toEqual([]);
});

it("keeps the caption of code above the code, and Arabic text at its own side", async () => {
  const { page, wrongs } = ada;
  await newChat(page);
  await ask(page, "مرحبا بالعالم\n\n```rust\nfn main() {}\n```", "echo");
  const block = answers(page).locator(".code-block");
  await block.waitFor();
  const code = await block.boundingBox();
  const caption = await block.locator("figcaption").boundingBox();
  expect(Math.abs((caption?.y ?? Number.NaN) - (code?.y ?? Number.NaN))).toBeLessThan(3);
  const alignment = await answers(page)
    .getByText("مرحبا بالعالم")
    .evaluate((paragraph) => {
      const { direction, textAlign } = getComputedStyle(paragraph);
      return [direction, textAlign];
    });
  expect(alignment).toEqual(["rtl", "start"]);
  expect(wrongs).toEqual([]);
});

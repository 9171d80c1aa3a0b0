/** How long the page is busy at once while a long answer streams in at full speed. Measured and printed, not judged. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answers, ask, launch, setUp, visit } from "./browser";
import { Provider } from "./provider";
import { Server } from "./server";

const SIZE = 40_000;

/** Everything that answers consist of, numbered, so that no two parts are the same. */
function part(n: number): string {
  return [
    `## Part ${n}`,
    `The **${n}th** lantern costs $${n} to $${n + 5}, see [the list](https://example.org/${n}). ${"Light travels far. ".repeat(12)}`,
    `| keeper | lamps | price |\n| --- | ---: | ---: |\n${[1, 2, 3, 4].map((row) => `| Ada ${row} | ${row * n} | ${row * 3} € |`).join("\n")}`,
    `1. Clean the lens\n2. Trim the wick\n   - the short one\n   - the long one\n3. Light lamp ${n}`,
    `\`\`\`python\ndef lamps(count: int) -> list[str]:\n    return [f"lamp {n} of {count}" for n in range(${n}, count)]\n\`\`\``,
    `The light falls as $I = \\frac{P_{${n}}}{4\\pi r^2}$ with the distance.`,
  ].join("\n\n");
}

function essay(): string {
  let text = "";
  for (let n = 1; text.length < SIZE; n++) {
    text += `${part(n)}\n\n`;
  }
  return `${text}The end.`;
}

let provider: Provider;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  provider = await Provider.start(["essay"], essay);
  server = await Server.start(provider.environment);
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  provider.stop();
});

it("shows a long answer while it streams in", async () => {
  const { page, wrongs } = await visit(browser, server);
  await setUp(page, server);
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: "longtask",
    });
  });
  const start = Date.now();
  await ask(page, "Tell me everything about lanterns.");
  await answers(page).getByText("The end.").waitFor({ timeout: 60_000 });
  const seconds = (Date.now() - start) / 1000;
  await answers(page).getByRole("button", { name: "Copy", exact: true }).waitFor();
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  const longest = Math.max(0, ...tasks);
  console.log(
    `${Math.round(essay().length / 1000)} KB in ${seconds.toFixed(1)} s: ${tasks.length} tasks over 50 ms, the longest ${longest.toFixed(0)} ms`,
  );
  expect(await answers(page).locator(".prose h2").count()).toBeGreaterThan(20);
  expect(wrongs).toEqual([]);
});

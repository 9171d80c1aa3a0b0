import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Usage } from "../../api/generated";
import { choose } from "../../test/choose";
import { answer, asked, refuse, respond } from "../../test/contract";
import { show } from "../../test/show";
import { Overview } from "./Overview";
import { ServerLoad } from "./ServerLoad";
import { UsageOverview } from "./UsageOverview";

const NUMBERS = {
  users: 3,
  active_users: 1,
  conversations: 12,
  messages: 3456,
  running_responses: 0,
  response_time: { median_ms: 1.25, p95_ms: 20, requests: 9 },
  machine: null,
  uptime_seconds: 61,
};

function used(key: string, responses: number, name?: string): Usage {
  const none = { cancelled: 0, failed: 0, interrupted: 0, rated_up: 0, rated_down: 0, cost: null };
  return { ...none, key, name, responses, completed: responses, input_tokens: 10, output_tokens: 20 };
}

/** What stands under a name. */
function value(name: string): string | null | undefined {
  return screen.getByText(name, { selector: "dt" }).nextElementSibling?.textContent;
}

it("shows the numbers as the server has them, and new ones by itself", async () => {
  answer("getOverview", NUMBERS);
  show(
    <>
      <Overview />
      <ServerLoad />
    </>,
  );
  await screen.findByText("3,456");
  expect(value("Response time")).toBe("1.3ms");
  expect(value("Uptime")).toBe("00:01:01");
  // What the operating system does not tell is no zero.
  expect(value("CPU")).toBe("–");
  answer("getOverview", { ...NUMBERS, conversations: 13 });
  await expect.poll(() => value("Chats"), { timeout: 5_000 }).toBe("13");
});

it("keeps the last numbers while the server is away, without an alarm", async () => {
  answer("getOverview", NUMBERS);
  show(<Overview />);
  await screen.findByText("3,456");
  const before = asked.length;
  respond("getOverview", () => Response.error());
  await expect.poll(() => asked.length, { timeout: 5_000 }).toBeGreaterThan(before);
  expect(screen.getByText("3,456")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("waits quietly for a server that was never reached, and says when it refuses", async () => {
  respond("getOverview", () => Response.error());
  show(<Overview />);
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  expect(screen.queryByRole("alert")).toBeNull();
  refuse("getOverview", { status: 403, code: "forbidden", detail: "requires the admin role" });
  await screen.findByRole("alert", undefined, { timeout: 5_000 });
});

it("shows each day's value with the arrow keys, and compares with the period before", async () => {
  answer("getUsage", {
    from: "2026-01-01",
    until: "2026-01-02",
    items: [used("2026-01-01", 4), used("2026-01-02", 1)],
  });
  show(<UsageOverview />);
  const chart = await screen.findByRole("group", { name: "Answers per day" });
  const last = within(chart).getByRole("button", { name: "Jan 2, 2026: 1 answer" });
  last.focus();
  await userEvent.keyboard("{ArrowLeft}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Jan 1, 2026: 4 answers");
  expect(within(chart).getByText("4 answers")).toBeTruthy();
  // The axis does not end at the highest bar.
  expect(within(chart).getByText("2")).toBeTruthy();
  await screen.findAllByText("0% vs. previous period");
  const periods = new Set(asked.map(({ url }) => new URL(url).searchParams.get("until")));
  expect(periods.size).toBe(2);
});

it("breaks usage down with totals, and asks for the period that is chosen", async () => {
  answer("getUsage", { from: "a", until: "b", items: [used("2026-01-01", 4)] });
  show(<UsageOverview />);
  answer("getUsage", { from: "a", until: "b", items: [used("u1", 1500, "Ada"), used("u2", 2500)] });
  await userEvent.click(await screen.findByRole("tab", { name: "By user" }));
  const table = await screen.findByRole("table", { name: "By user" });
  await within(table).findByRole("cell", { name: "Ada" });
  expect(within(table).getByRole("cell", { name: "Deleted" })).toBeTruthy();
  const total = within(table).getByRole("cell", { name: "Total" }).closest("tr") as HTMLElement;
  expect(within(total).getAllByRole("cell", { name: "4,000" })).toHaveLength(2);
  const before = asked.length;
  await choose(/Period/, "90 days");
  await expect.poll(() => asked.length).toBeGreaterThan(before);
});

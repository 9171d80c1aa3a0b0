import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { answer, refuse } from "../../test/contract";
import { show } from "../../test/show";
import { Overview } from "./Overview";

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

/** What stands under a name. */
function value(name: string): string | null | undefined {
  return screen.getByText(name, { selector: "dt" }).nextElementSibling?.textContent;
}

it("shows the numbers as the server has them, and new ones by itself", async () => {
  answer("getOverview", NUMBERS);
  show(<Overview />);
  await screen.findByText("3,456");
  expect(value("Response time")).toBe("1.3 ms");
  expect(value("Running for")).toBe("00:01:01");
  // What the operating system does not tell is no zero.
  expect(value("Processor")).toBe("–");
  answer("getOverview", { ...NUMBERS, conversations: 13 });
  await expect.poll(() => value("Conversations"), { timeout: 5_000 }).toBe("13");
});

it("says when there are none", async () => {
  refuse("getOverview", { status: 403, code: "forbidden", detail: "requires the admin role" });
  show(<Overview />);
  expect((await screen.findByRole("alert")).textContent).toContain("requires the admin role");
});

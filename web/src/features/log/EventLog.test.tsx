import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse } from "msw";
import { expect, it } from "vitest";
import type { Event, User } from "../../api/generated";
import { choose } from "../../test/choose";
import { answer, asked, respond } from "../../test/contract";
import { show } from "../../test/show";
import { EventLog } from "./EventLog";

const ID = "01a22e61-3172-716c-9dbe-6b50f7aa383c";

function event(position: number, event_type: string, actor: object): Event {
  const of = { aggregate_type: "assistant", aggregate_id: ID, sequence: 1, event_version: 1, event_id: `e${position}` };
  const at = { recorded_at: "2026-01-01T12:00:00Z", hash: "ab", payload: { name: { $sealed: "x" } } };
  return { position, event_type, ...of, ...at, metadata: { actor } };
}

function log(...items: Event[]) {
  const head = String(items.at(-1)?.position ?? 0);
  respond("listEvents", () => HttpResponse.json({ items }, { headers: { "ConvoSphere-Position": head } }));
}

it("begins with the newest event, with its actor by name and a link to its object", async () => {
  answer("getUser", { id: "u", display_name: "Ada" } as User);
  log(
    event(1, "assistant_created", { kind: "cli", id: "root" }),
    event(2, "assistant_deleted", { kind: "user", id: "u" }),
  );
  show(<EventLog />);
  const rows = (await screen.findAllByRole("row")).slice(1);
  const [first, second] = rows.map((row) => within(row));
  expect(first?.getByRole("button").textContent).toBe("assistant_deleted");
  await first?.findByText("Ada");
  expect(second?.getByText("root (command line)")).toBeTruthy();
  expect(first?.getByRole("link").getAttribute("href")).toBe(`/assistants/${ID}`);
});

it("opens an event, and narrows the log to its object", async () => {
  log(event(1, "assistant_created", { kind: "cli", id: "root" }));
  show(<EventLog />);
  await userEvent.click(await screen.findByRole("button", { name: "assistant_created" }));
  const drawer = within(await screen.findByRole("dialog"));
  expect(drawer.getByText(/\$sealed/)).toBeTruthy();
  // Where the page runs from right to left, what begins with a digit would be scrambled.
  expect(drawer.getByText("ab").dir).toBe("ltr");
  await userEvent.click(drawer.getByRole("button", { name: "All events of this object" }));
  await expect.poll(() => asked.at(-1)?.url).toContain(`aggregate_id=${ID}`);
});

it("asks for the type that is chosen, and says when nothing fits", async () => {
  log(event(1, "assistant_created", { kind: "cli", id: "root" }));
  show(<EventLog />);
  await screen.findByRole("button", { name: "assistant_created" });
  log();
  await choose(/Event type/, "group_created");
  await screen.findByText("No events match the filter.");
  expect(asked.at(-1)?.url).toContain("event_type=group_created");
});

it("says that it shows the newest events where there are older ones", async () => {
  log(event(1, "assistant_created", { kind: "cli", id: "root" }));
  const { unmount } = show(<EventLog />);
  await screen.findByText("1 event · live");
  unmount();
  const many = Array.from({ length: 200 }, (_, n) => event(n + 201, "assistant_created", { kind: "cli", id: "root" }));
  log(...many);
  show(<EventLog />);
  await screen.findByText("Newest 200 events · live");
});

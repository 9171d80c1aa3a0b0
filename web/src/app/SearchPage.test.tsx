import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { SearchHit } from "../api/generated";
import { answer } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { Component as SearchPage } from "./SearchPage";

function hit(changes: Partial<SearchHit>): SearchHit {
  return {
    id: "m1",
    kind: "message",
    title: "Allowances",
    conversation_id: "c1",
    role: "assistant",
    created_at: "2026-11-29T12:00:00Z",
    fragments: [
      { text: "The **", matched: false },
      { text: "lantern", matched: true },
      { text: " allowance** is `40`", matched: false },
    ],
    ...changes,
  };
}

it("shows each chat once, with its places and its date, without marks of Markdown", async () => {
  answer("search", {
    items: [
      hit({}),
      hit({ id: "c1", kind: "conversation", conversation_id: "c1", role: null }),
      hit({ id: "m2", fragments: [{ text: "lantern", matched: true }] }),
    ],
    facets: { kind: [{ value: "message", count: 2 }], role: [], knowledge_base_id: [] },
    by_meaning: false,
    next_cursor: null,
  });
  show(<SearchPage />, "/search?q=lantern", as("user"));
  const results = within(await screen.findByRole("list", { name: /Found|Results/ }));
  const [chat, ...others] = results.getAllByRole("listitem");
  expect(others).toEqual([]);
  const links = within(chat as HTMLElement).getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["/c/c1", "/c/c1?through=m1", "/c/c1?through=m2"]);
  expect(links[0]?.textContent).toMatch(/Allowances.*2 matches.*2026/);
  expect(links[1]?.textContent).toBe("The lantern allowance is 40");
  expect(within(links[1] as HTMLElement).getByText("lantern").tagName).toBe("MARK");
});

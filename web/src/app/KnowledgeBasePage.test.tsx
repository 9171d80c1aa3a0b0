import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Assistant } from "../api/generated";
import { answer, asked, respond } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { Component as KnowledgeBasePage } from "./KnowledgeBasePage";

const AT = "2026-11-01T10:00:00Z";

function open(path = "/knowledge/k1") {
  answer("getKnowledgeBase", {
    id: "k1",
    name: "Handbook",
    description: "",
    documents: 1,
    assistants: 0,
    group_ids: [],
    tags: [],
    visibility: "private",
    owner_id: "me",
    chunk_overlap: 50,
    chunk_tokens: 500,
    version: 1,
    created_at: AT,
    updated_at: AT,
  });
  answer("listDocuments", {
    items: [
      {
        id: "d1",
        name: "manual.pdf",
        knowledge_base_id: "k1",
        added_by: "me",
        attempt: 1,
        characters: 10,
        chunks: 1,
        left_out: [],
        media_type: "application/pdf",
        pages: 3,
        size: 215,
        status: "ready",
        version: 1,
        created_at: AT,
        updated_at: AT,
      },
    ],
    next_cursor: null,
  });
  answer("listGroups", { items: [], next_cursor: null });
  return show(
    [
      { path: "/knowledge/:id", element: <KnowledgeBasePage /> },
      { path: "/", element: <p>A new chat</p> },
    ],
    path,
    as("user"),
  );
}

const keeper = { id: "a1", name: "Keeper", owner_id: "me", status: "active", knowledge_base_ids: ["k1"] } as Assistant;
const bodies = (operation: string) => asked.filter((one) => one.operation === operation).map(({ body }) => body);

it("opens a chat that answers from the base by one press", async () => {
  answer("listAssistants", { items: [{ ...keeper, owner_id: "somebody" }], next_cursor: null });
  answer("createAssistant", { ...keeper, id: "a2" });
  const { router } = open();
  await userEvent.click(await screen.findByRole("button", { name: "Chat with it" }));
  await screen.findByText("A new chat");
  expect(router.state.location.search).toBe("?assistant=a2");
  expect(bodies("createAssistant")).toEqual([
    expect.objectContaining({ name: "Handbook", knowledge_base_ids: ["k1"], status: "active" }),
  ]);
});

it("asks the assistant that was created for it before", async () => {
  answer("listAssistants", { items: [keeper], next_cursor: null });
  const { router } = open();
  await userEvent.click(await screen.findByRole("button", { name: "Chat with it" }));
  await screen.findByText("A new chat");
  expect(router.state.location.search).toBe("?assistant=a1");
  expect(bodies("createAssistant")).toEqual([]);
});

it("shows documents with their state, and what can be done with each", async () => {
  answer("listAssistants", { items: [], next_cursor: null });
  respond("deleteDocument", () => new Response(null, { status: 204 }));
  open();
  await screen.findByText("Ready");
  await screen.findByText("215 bytes · 3 pages");
  await userEvent.click(screen.getByRole("button", { name: "Actions for manual.pdf" }));
  expect(screen.getAllByRole("menuitem")).toHaveLength(5);
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  await waitFor(() => expect(bodies("deleteDocument")).toHaveLength(1));
});

it("names the assistants that use the base", async () => {
  answer("listAssistants", { items: [keeper], next_cursor: null });
  open("/knowledge/k1?tab=settings");
  expect((await screen.findByRole("link", { name: "Keeper" })).getAttribute("href")).toBe("/assistants/a1");
});

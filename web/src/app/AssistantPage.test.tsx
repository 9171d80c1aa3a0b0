import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Link } from "react-router";
import { expect, it } from "vitest";
import type { Assistant } from "../api/generated";
import { answer, asked, refuse } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import { Component as AssistantPage } from "./AssistantPage";

const AT = "2026-11-01T10:00:00Z";

function assistant(changes: Partial<Assistant> = {}): Assistant {
  return {
    id: "a1",
    name: "Poet",
    description: "Rhymes.",
    instructions: "Answer in verse.",
    assistant_version: 2,
    version: 5,
    status: "active",
    visibility: "everyone",
    is_default: false,
    owner_id: "me",
    knowledge_base_ids: [],
    created_at: AT,
    updated_at: AT,
    ...changes,
  };
}

function open(path = "/assistants/a1") {
  answer("listModels", { items: [model("openai/gpt-5.2", true), model("openai/small", false)] });
  answer("listKnowledgeBases", { items: [], next_cursor: null });
  return show(
    [
      {
        path: "/assistants/:id",
        element: (
          <>
            <AssistantPage />
            <Link to="/knowledge">Knowledge page</Link>
          </>
        ),
      },
      { path: "/assistants/new", element: <AssistantPage /> },
      { path: "/knowledge", element: <p>All knowledge</p> },
    ],
    path,
    as("user"),
  );
}

function model(id: string, isDefault: boolean) {
  return { id, name: id, provider: "openai", default: isDefault, built_in: false } as never;
}

const bodies = (operation: string) => asked.filter((one) => one.operation === operation).map(({ body }) => body);

it("shows facts instead of a form to those who may not change it", async () => {
  answer("getAssistant", assistant({ owner_id: "somebody" }));
  open();
  await screen.findByText("Answer in verse.");
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByRole("link", { name: "Chat" }).getAttribute("href")).toBe("/?assistant=a1");
  // Which model answers is no riddle.
  await screen.findByText("Default model (openai/gpt-5.2)");
});

it("asks before edits are lost", async () => {
  answer("getAssistant", assistant());
  open();
  await userEvent.type(await screen.findByLabelText("Instructions"), " Always.");
  await userEvent.click(screen.getByRole("link", { name: "Knowledge page" }));
  await screen.findByRole("dialog", { name: "Discard unsaved changes?" });
  await userEvent.click(screen.getByRole("button", { name: "Keep editing" }));
  expect(screen.getByLabelText("Instructions")).toHaveProperty("value", "Answer in verse. Always.");
});

it("keeps edits while one looks at another tab, and shows what was refused at its field", async () => {
  answer("getAssistant", assistant());
  refuse("updateAssistant", {
    status: 422,
    code: "invalid",
    detail: "invalid",
    errors: [{ pointer: "/temperature", code: "odd_code", detail: "temperature must be between 0 and 2" }],
  });
  open();
  await userEvent.type(await screen.findByLabelText("Temperature"), "3");
  await userEvent.click(screen.getByRole("tab", { name: "Knowledge" }));
  await userEvent.click(await screen.findByRole("button", { name: "Save" }));
  await screen.findByText("temperature must be between 0 and 2");
  expect(screen.getByLabelText("Temperature")).toHaveProperty("value", "3");
});

it("says what has changed in each version", async () => {
  answer("getAssistant", assistant());
  const version = (number: number, instructions: string, model: string | null) => ({
    number,
    name: "Poet",
    description: "Rhymes.",
    instructions,
    model,
    created_at: AT,
  });
  answer("listAssistantVersions", {
    items: [version(1, "Be short.\nBe kind.", null), version(2, "Be long.\nBe kind.", "openai/small")],
  });
  answer("restoreAssistantVersion", assistant({ assistant_version: 3 }));
  open("/assistants/a1?tab=versions");
  const list = within(await screen.findByRole("list", { name: "Versions" }));
  const [newest] = list.getAllByRole("listitem");
  await userEvent.click(within(newest as HTMLElement).getByRole("button", { name: "Show changes" }));
  within(newest as HTMLElement).getByText("Changed: Instructions and Model");
  within(newest as HTMLElement).getByText("Be short.");
  within(newest as HTMLElement).getByText("Be long.");
  await userEvent.click(list.getByRole("button", { name: /version 1/ }));
  await waitFor(() => expect(bodies("restoreAssistantVersion")).toHaveLength(1));
});

it("begins a new assistant with the knowledge that it was asked for", async () => {
  open("/assistants/new?knowledge=k1");
  answer("createAssistant", assistant({ status: "draft" }));
  answer("getAssistant", assistant({ status: "draft" }));
  await userEvent.type(await screen.findByLabelText("Name"), "Keeper");
  await userEvent.click(screen.getByRole("button", { name: /^Create/ }));
  await waitFor(() =>
    expect(bodies("createAssistant")).toEqual([
      expect.objectContaining({ name: "Keeper", knowledge_base_ids: ["k1"], status: "draft" }),
    ]),
  );
});

it("says that there is no such assistant", async () => {
  refuse("getAssistant", { status: 404, code: "not_found", detail: "the object does not exist" });
  open("/assistants/x");
  await screen.findByText(/This doesn't exist/);
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

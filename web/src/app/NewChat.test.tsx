import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forgetDrafts } from "../features/message/draftStore";
import { signedIn } from "../features/session/sessionSlice";
import { answer, asked, refuse } from "../test/contract";
import { show } from "../test/show";
import { ChatPage } from "./ChatPage";

const GUIDE = { id: "builtin/guide", name: "guide", provider: "builtin", built_in: true, chat: true };
const GPT = { id: "openai/gpt-5.2", name: "gpt-5.2", provider: "openai", built_in: false, chat: true };
const QWEN = { ...GPT, id: "local/qwen3", name: "qwen3", provider: "local" };
const STANDARD = { id: "d", name: "Assistant", status: "active", is_default: true, description: "", model: null };
const CLERK = {
  id: "h",
  name: "Harbour clerk",
  status: "active",
  is_default: false,
  description: "Answers from the handbook",
};

beforeEach(() => {
  forgetDrafts();
  answer("getPreferences", { send_on_enter: true, favorite_models: [] } as never);
  answer("listAssistants", { items: [STANDARD] } as never);
  models([
    { ...GUIDE, default: false },
    { ...GPT, default: true },
  ]);
});
afterEach(() => vi.useRealTimers());

function models(items: object[]) {
  answer("listModels", { items } as never);
}

function home(role: "user" | "admin" = "user", path = "/") {
  const person = { id: "u", version: 1, role, display_name: "Ada Lovelace", suspended: false, created_at: "" };
  const pages = [
    { path: "/", element: <ChatPage /> },
    { path: "/c/:id", element: <p>The chat</p> },
  ];
  return show(pages, path, (store) => store.dispatch(signedIn(person)));
}

const cards = async () => {
  const list = within(await screen.findByRole("list", { name: "Suggestions" }));
  await expect.poll(() => list.queryAllByRole("listitem").length).toBeGreaterThan(0);
  return list.getAllByRole("listitem").map((card) => card.textContent);
};

it.each([
  [4, "Good evening, Ada"],
  [8, "Good morning, Ada"],
  [15, "Good afternoon, Ada"],
  [21, "Good evening, Ada"],
])("greets at %i o'clock with %s", (hour, greeting) => {
  vi.useFakeTimers({ now: new Date(2026, 0, 1, hour), toFake: ["Date"] });
  home();
  screen.getByRole("heading", { level: 1, name: greeting });
});

it("fills the composer from a starter, and sends nothing before the person does", async () => {
  home();
  await userEvent.click(await screen.findByRole("button", { name: /^Make a plan/ }));
  const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });
  expect(box.value).toBe("Help me plan my week. Ask me what you need to know first.");
  expect(document.activeElement).toBe(box);
  await userEvent.click(screen.getByRole("button", { name: /^Write something/ }));
  expect(box.value).toBe("Write a short, friendly email asking for a meeting next week.");
  expect(asked.map(({ operation }) => operation)).not.toContain("createConversation");
});

it("keeps what was typed below a starter", async () => {
  home();
  await userEvent.type(screen.getByRole("textbox", { name: "Ask anything" }), "let x = 1;");
  await userEvent.click(await screen.findByRole("button", { name: /^Explain or fix code/ }));
  const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });
  expect(box.value).toMatch(/^Explain what this code does.*let x = 1;$/s);
});

it("offers two assistants before the starters", async () => {
  const others = ["Pilot", "Third"].map((name) => ({ ...CLERK, id: name, name, description: "" }));
  answer("listAssistants", { items: [STANDARD, CLERK, ...others] } as never);
  home();
  expect(await cards()).toEqual([
    "Harbour clerkAnswers from the handbook",
    "PilotChat with this assistant",
    expect.stringMatching(/^Write something/),
    expect.stringMatching(/^Explain or fix code/),
  ]);
});

it("says which assistant will answer, and starts the chat with it", async () => {
  answer("listAssistants", { items: [STANDARD, CLERK] } as never);
  answer("createConversation", { id: "c" } as never);
  home("user", "/?assistant=h");
  await screen.findByRole("heading", { level: 1, name: "Harbour clerk" });
  screen.getByText("Answers from the handbook");
  screen.getByRole("button", { name: "Harbour clerk gpt-5.2" });
  expect(screen.queryByRole("list", { name: "Suggestions" })).toBeNull();
  await userEvent.type(screen.getByRole("textbox", { name: "Message Harbour clerk" }), "When is high tide?{Enter}");
  await screen.findByText("The chat");
  const body = asked.find(({ operation }) => operation === "createConversation")?.body;
  expect(body).toEqual({ assistant_id: "h", message: { content: "When is high tide?", attachment_ids: [] } });
});

it("takes the chosen model into the new chat", async () => {
  models([{ ...GPT, default: true }, QWEN]);
  answer("createConversation", { id: "c" } as never);
  home();
  await userEvent.click(await screen.findByRole("button", { name: "Model: gpt-5.2" }));
  await userEvent.click(await screen.findByRole("option", { name: "qwen3" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Ask anything" }), "Hello{Enter}");
  await screen.findByText("The chat");
  const body = asked.find(({ operation }) => operation === "createConversation")?.body;
  expect(body).toMatchObject({ model: "local/qwen3" });
});

it("answers new chats with the person's own default model", async () => {
  answer("getPreferences", { send_on_enter: true, favorite_models: [], default_model: "local/qwen3" } as never);
  models([{ ...GPT, default: true }, QWEN]);
  home();
  await screen.findByRole("button", { name: "Model: qwen3" });
});

it("leaves no empty chat behind a first message that is refused, and keeps its text", async () => {
  refuse("createConversation", { status: 422, code: "some_reason", detail: "guests cannot start chats" });
  home();
  await userEvent.type(screen.getByRole("textbox", { name: "Ask anything" }), "Hello{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("guests cannot start chats");
  expect(asked.filter(({ operation }) => /Conversation$|^postMessage$/.test(operation))).toHaveLength(1);
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" }).value).toBe("Hello");
});

it("shows administrators, and nobody else, what is left to set up", async () => {
  answer("listProviders", { items: [] });
  answer("listUsers", { items: [] });
  answer("listKnowledgeBases", { items: [] });
  const { unmount } = home("admin");
  await screen.findByRole("heading", { name: /Get started/ });
  unmount();
  home("user");
  await cards();
  expect(screen.queryByRole("heading", { name: /Get started/ })).toBeNull();
});

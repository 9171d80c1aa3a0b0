import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { forgetDrafts } from "../features/message/draftStore";
import { signedIn } from "../features/session/sessionSlice";
import { answer, asked, refuse } from "../test/contract";
import { show } from "../test/show";
import { ChatPage } from "./ChatPage";

const GPT = {
  id: "openai/gpt-5.2",
  name: "gpt-5.2",
  provider: "openai",
  built_in: false,
  default: true,
  chat: true,
  enabled: true,
};
const QWEN = { ...GPT, id: "local/qwen3", name: "qwen3", provider: "local", default: false };
const STANDARD = { id: "d", name: "Assistant", status: "active", is_default: true, description: "", model: null };
const CLERK = { ...STANDARD, id: "h", name: "Harbour clerk", is_default: false, model: "local/qwen3" };
const CHAT = {
  id: "c",
  title: "Tides",
  assistant_id: "h",
  model: null,
  archived: false,
  trashed: false,
  pinned: false,
};

beforeEach(() => {
  forgetDrafts();
  answer("getPreferences", { send_on_enter: true } as never);
  answer("listAssistants", { items: [STANDARD, CLERK] } as never);
  answer("listModels", { items: [GPT, QWEN] });
  answer("listMessages", { items: [] });
});

function chat(conversation: object = CHAT) {
  answer("getConversation", conversation as never);
  open();
}

function open() {
  const person = { id: "u", version: 1, role: "user" as const, display_name: "Ada", suspended: false, created_at: "" };
  const pages = [
    { path: "/c/:id", element: <ChatPage /> },
    { path: "/", element: <p>A new chat</p> },
  ];
  show(pages, "/c/c", (store) => store.dispatch(signedIn(person)));
}

const changes = () => asked.filter(({ operation }) => operation === "updateConversation").map(({ body }) => body);

it("says during a chat which assistant answers, with which model", async () => {
  chat();
  await screen.findByRole("button", { name: "Harbour clerk qwen3" });
  screen.getByRole("textbox", { name: "Message Harbour clerk" });
  screen.getByRole("heading", { level: 1, name: "Tides" });
});

it("names only the model where the default assistant answers", async () => {
  chat({ ...CHAT, assistant_id: "d" });
  await screen.findByRole("button", { name: "gpt-5.2" });
  screen.getByRole("textbox", { name: "Ask anything" });
});

it("keeps the model that is chosen with the chat, and takes the model of another assistant", async () => {
  answer("updateConversation", { ...CHAT, model: "openai/gpt-5.2" } as never);
  chat();
  await userEvent.click(await screen.findByRole("button", { name: "Harbour clerk qwen3" }));
  await userEvent.click(await screen.findByRole("option", { name: /gpt-5.2/ }));
  await screen.findByRole("button", { name: "Harbour clerk gpt-5.2" });
  await userEvent.click(screen.getByRole("button", { name: "Model: gpt-5.2" }));
  await userEvent.click(await screen.findByRole("option", { name: /^Assistant/ }));
  await expect.poll(changes).toEqual([{ model: "openai/gpt-5.2" }, { assistant_id: "d", model: null }]);
});

it("renames from the head of the chat", async () => {
  answer("updateConversation", { ...CHAT, title: "High tides" } as never);
  chat();
  await userEvent.click(await screen.findByRole("button", { name: "Actions for Tides" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Rename" }));
  const title = await screen.findByRole("textbox", { name: "Title" });
  await userEvent.clear(title);
  await userEvent.type(title, "High tides{Enter}");
  await screen.findByRole("heading", { level: 1, name: "High tides" });
});

it.each([404, 422])("shows no composer where there is no such chat (%i)", async (status) => {
  refuse("getConversation", { status, code: "not_found", detail: "there is no such object" });
  refuse("listMessages", { status, code: "not_found", detail: "there is no such object" });
  open();
  await screen.findByText(/This conversation does not exist|This chat doesn't exist/);
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.queryByRole("alert")).toBeNull();
  await userEvent.click(screen.getByRole("link", { name: /home|start/i }));
  await screen.findByText("A new chat");
});

it.each([
  ["archived", "This chat is archived", /Unarchive|Take out/, "updateConversation"],
  ["trashed", "This chat is in the trash", /Restore/, "restoreConversation"],
] as const)(
  "says before one has typed that a chat is %s, and brings it back",
  async (state, text, action, operation) => {
    answer(operation, CHAT as never);
    chat({ ...CHAT, [state]: true });
    await screen.findByText(text);
    expect(screen.queryByRole("textbox")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: action }));
    await screen.findByRole("textbox", { name: "Message Harbour clerk" });
  },
);

it("says before anything is sent that the model is no longer available, and switches to the default one", async () => {
  chat({ ...CHAT, assistant_id: "d", model: "local/gone" });
  await screen.findByText("gone isn't available anymore.");
  answer("updateConversation", { ...CHAT, model: "openai/gpt-5.2" } as never);
  await userEvent.click(screen.getByRole("button", { name: "Use gpt-5.2" }));
  await expect.poll(changes).toEqual([{ model: "openai/gpt-5.2" }]);
});

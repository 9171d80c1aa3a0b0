import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { File, Message, Preferences } from "../../api/generated";
import { keep } from "../../api/session";
import { answer, asked, respond } from "../../test/contract";
import { show } from "../../test/show";
import { question } from "./message.fixture";
import { MessageItem } from "./MessageItem";

// The code that shows Markdown is loaded when it is needed first.
const PATIENT = { timeout: 20_000 };

const onPath = vi.fn();

beforeEach(() => {
  onPath.mockReset();
  answer("getPreferences", { send_on_enter: true } as Preferences);
  answer("editMessage", {} as never);
});

function showMessage(changes: Partial<Message> = {}, isWaiting = false) {
  const message = question({ content: "Said", ...changes });
  return show(<MessageItem message={message} isLast isWaiting={isWaiting} onPath={onPath} onSources={vi.fn()} />);
}

const button = (name: string) => screen.getByRole("button", { name });
const box = () => screen.queryByRole<HTMLTextAreaElement>("textbox");
const edits = () => asked.filter(({ operation }) => operation === "editMessage").map(({ body }) => body);

it("shows what a person wrote as Markdown, and keeps its line breaks", async () => {
  showMessage({ content: "One\n**two**" });
  const bold = await screen.findByText("two", undefined, PATIENT);
  expect(bold.tagName).toBe("STRONG");
  expect(bold.closest("p")?.textContent).toBe("One\ntwo");
});

it("folds what is longer than twelve lines", async () => {
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(324);
  showMessage({ content: "Long" });
  await userEvent.click(button("Show more"));
  await userEvent.click(button("Show less"));
  button("Show more");
  vi.restoreAllMocks();
});

it("is copied as it was written", async () => {
  const user = userEvent.setup();
  showMessage({ content: "**Said**" });
  await user.click(button("Copy"));
  await screen.findByRole("button", { name: "Copied" });
  expect(await navigator.clipboard.readText()).toBe("**Said**");
});

it("is sent again with Enter, and gets a new line with Shift and Enter", async () => {
  showMessage();
  await userEvent.click(button("Edit"));
  await userEvent.type(box() as HTMLTextAreaElement, "{Shift>}{Enter}{/Shift}more{Enter}");
  await expect.poll(edits).toEqual([{ content: "Said\nmore" }]);
  await expect.poll(box).toBeNull();
  expect(onPath).toHaveBeenCalledWith(undefined);
});

it("is sent again with Control and Enter where Enter begins a line", async () => {
  answer("getPreferences", { send_on_enter: false } as Preferences);
  showMessage();
  await userEvent.click(button("Edit"));
  await expect.poll(() => asked.some(({ operation }) => operation === "getPreferences")).toBe(true);
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await userEvent.type(box() as HTMLTextAreaElement, "{Enter}more{Control>}{Enter}{/Control}");
  await expect.poll(edits).toEqual([{ content: "Said\nmore" }]);
});

it("does not send with the Enter that ends a composition", async () => {
  showMessage();
  await userEvent.click(button("Edit"));
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Enter", isComposing: false, keyCode: 229 });
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Enter", isComposing: true, keyCode: 13 });
  expect(edits()).toEqual([]);
  expect(box()).not.toBeNull();
});

it.each([
  ["as Safari reports it", { isComposing: false, keyCode: 229 }],
  ["as others report it", { isComposing: true, keyCode: 27 }],
])("keeps an edit when Escape only cancels a composition, %s", (_how, keys) => {
  showMessage();
  fireEvent.click(button("Edit"));
  fireEvent.change(box() as HTMLTextAreaElement, { target: { value: "Said かな" } });
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Escape", ...keys });
  expect(box()?.value).toBe("Said かな");
  fireEvent.keyDown(box() as HTMLTextAreaElement, { key: "Escape", keyCode: 27 });
  expect(box()).toBeNull();
  expect(document.activeElement).toBe(button("Edit"));
});

it("says that it waits for the answer above", () => {
  showMessage({}, true);
  screen.getByText("Waiting for the answer above");
});

it("enlarges an attached image by keyboard, with its name, and returns to it", async () => {
  keep({ access_token: "secret", expires_in: 900 } as never);
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:picture", revokeObjectURL: vi.fn() }));
  answer("getFile", { id: "f", name: "cat.png", media_type: "image/png", size: 9 } as File);
  respond("getFileContent", () => new Response("x"));
  showMessage({ attachments: ["f"] });
  const thumbnail = await screen.findByRole("button", { name: "Enlarge cat.png" });
  expect(thumbnail.querySelector("img")?.alt).toBe("cat.png");
  act(() => thumbnail.focus());
  await userEvent.keyboard("{Enter}");
  const lightbox = within(await screen.findByRole("dialog", { name: "cat.png" }));
  expect(lightbox.getByRole<HTMLImageElement>("img", { name: "cat.png" }).src).toBe("blob:picture");
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(thumbnail));
});

it("offers any other file as a download, with its size", async () => {
  answer("getFile", { id: "f", name: "handbook.pdf", media_type: "application/pdf", size: 2_000 } as File);
  showMessage({ attachments: ["f"] });
  expect((await screen.findByRole("button", { name: "Download handbook.pdf" })).textContent).toContain("kB");
});

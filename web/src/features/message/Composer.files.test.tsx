import { createEvent, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { answer, asked, refuse, respond } from "../../test/contract";
import { show } from "../../test/show";
import { Composer } from "./Composer";
import { forgetDrafts } from "./draftStore";

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });
const attached = async () => within(await screen.findByRole("list", { name: "Attached files" }));

function composer(vision?: boolean) {
  const onSend = vi.fn(() => Promise.resolve());
  const model = { name: "gpt-5-nano", vision };
  show(<Composer place="c" isFocused={false} sendOnEnter model={model} picker={null} onSend={onSend} />);
  return onSend;
}

/** The server detects this type in whatever is uploaded. */
function detects(media_type: string, name: string) {
  answer("uploadFile", { id: "f", name, media_type, size: 2_000 } as never);
}

function drag(type: "dragEnter" | "drop", target: Element, files: File[]) {
  const event = createEvent[type](target, { dataTransfer: { types: ["Files"], files, dropEffect: "none" } });
  fireEvent(target, event);
  return event;
}

beforeEach(() => {
  forgetDrafts();
  answer("refresh", { access_token: "a", expires_in: 900 } as never);
  respond("getFileContent", () => new Response("x"));
  URL.createObjectURL = () => "blob:image";
  URL.revokeObjectURL = () => undefined;
});

const note = new File(["Notes"], "notes.txt", { type: "text/plain" });

it("takes files that are dropped anywhere on the page, and says so while they are dragged over it", async () => {
  detects("text/plain", "notes.txt");
  composer();
  drag("dragEnter", document.body, [note]);
  const target = await screen.findByText("Drop files to attach");
  expect(drag("drop", target, [note]).defaultPrevented).toBe(true);
  expect(screen.queryByText("Drop files to attach")).toBeNull();
  (await attached()).getByTitle("notes.txt");
  (await attached()).getByText("2 kB");
});

it("turns a long pasted text into a file, and leaves a short one as text", async () => {
  detects("text/plain", "Pasted text.txt");
  composer();
  await userEvent.click(box());
  await userEvent.paste("short");
  expect(box().value).toBe("short");
  await userEvent.paste("x".repeat(3_001));
  (await attached()).getByTitle("Pasted text.txt");
  expect(box().value).toBe("short");
  expect(asked.map(({ operation }) => operation)).toContain("uploadFile");
});

it("shows an image, and refuses it where the model cannot see", async () => {
  detects("image/png", "chart.png");
  const onSend = composer(false);
  drag("drop", document.body, [note]);
  const tile = await attached();
  expect((await tile.findByRole("presentation")).getAttribute("src")).toBe("blob:image");
  tile.getByText("gpt-5-nano can't see images. Choose a model with vision, or remove the image.");
  await userEvent.type(box(), "What is this?{Enter}");
  expect(onSend).not.toHaveBeenCalled();
  await userEvent.click(tile.getByRole("button", { name: "Remove chart.png" }));
  await userEvent.type(box(), "{Enter}");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("What is this?", []);
});

it("sends an image to a model that sees", async () => {
  detects("image/png", "chart.png");
  const onSend = composer(true);
  drag("drop", document.body, [note]);
  await attached();
  await userEvent.type(box(), "{Enter}");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("", ["f"]);
});

it("refuses a file that no model can read", async () => {
  detects("application/vnd.microsoft.portable-executable", "setup.exe");
  const onSend = composer(true);
  drag("drop", document.body, [note]);
  (await attached()).getByText(/^This type of file can't be read\./);
  await userEvent.type(box(), "Run this{Enter}");
  expect(onSend).not.toHaveBeenCalled();
});

it("says at the file why the server did not take it", async () => {
  refuse("uploadFile", { status: 422, code: "invalid_name", detail: "the name is too long" });
  composer();
  drag("drop", document.body, [note]);
  const tile = await attached();
  expect((await tile.findByRole("alert")).textContent).toBe(
    "The name is empty, too long or contains characters that aren't allowed.",
  );
  await userEvent.click(tile.getByRole("button", { name: "Remove notes.txt" }));
  expect(screen.queryByRole("list", { name: "Attached files" })).toBeNull();
});

it.each([
  ["image/heic", "photo.heic", /Save it as PNG or JPEG/],
  ["application/x-ole-storage", "locked.docx", /has a password/],
  ["application/zip", "all.zip", /archive/],
])("says why a file of type %s cannot be sent, and what keeps the message back", async (type, name, reason) => {
  detects(type, name);
  composer(true);
  drag("drop", document.body, [note]);
  (await attached()).getByText(reason);
  screen.getByText("Remove the files that can't be sent");
});

it("says at the file how large it may be", async () => {
  refuse("uploadFile", { status: 413, code: "too_large", detail: "a file must have at most 50000000 bytes" });
  composer();
  drag("drop", document.body, [note]);
  (await attached()).getByText("This file is too large. The limit is 50 MB.");
});

it("says at the file what the server refused when it was sent, until it is removed", async () => {
  detects("text/plain", "notes.txt");
  const onSend = composer();
  const errors = [{ pointer: "/message/attachment_ids/0", code: "unknown_file", detail: "you have no such file" }];
  const data = { code: "invalid", detail: "invalid", errors };
  onSend.mockRejectedValueOnce(Object.assign(new Error(), { status: 422, data }));
  drag("drop", document.body, [note]);
  await attached();
  await userEvent.type(box(), "Read it{Enter}");
  await screen.findByRole("alert");
  const tile = await attached();
  expect((await tile.findByRole("alert")).textContent).toBe("This file doesn't exist. Upload it again.");
  expect(screen.getAllByRole("alert")).toHaveLength(1);
  await userEvent.click(tile.getByRole("button", { name: "Remove notes.txt" }));
  await userEvent.type(box(), "{Enter}");
  expect(onSend).toHaveBeenLastCalledWith("Read it", []);
});

it("shows every file that is refused, the later ones too, and one that is chosen again once", async () => {
  refuse("uploadFile", { status: 413, code: "too_large", detail: "a file must have at most 50000000 bytes" });
  composer();
  const names = ["one.txt", "two.txt", "three.txt", "two.txt"];
  for (const [index, name] of names.entries()) {
    drag("drop", document.body, [new File(["Notes"], name)]);
    const tile = await attached();
    await expect.poll(() => tile.queryAllByRole("alert").length).toBe(Math.min(index + 1, 3));
  }
});

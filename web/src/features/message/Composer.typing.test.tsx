import { act, createEvent, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { answer, asked, respond } from "../../test/contract";
import { show } from "../../test/show";
import { Composer } from "./Composer";
import { forgetDrafts, setDraftOwner } from "./draftStore";

beforeEach(() => {
  setDraftOwner("");
});

function composer(onSend: (text: string) => Promise<void> = () => Promise.resolve()) {
  return <Composer place="c" isFocused={false} sendOnEnter picker={null} onSend={onSend} />;
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });

/** A request that is answered when the test says so. */
function held() {
  let answerIt: (error?: Error) => void = () => undefined;
  const sent = new Promise<void>((resolve, reject) => {
    answerIt = (error) => (error === undefined ? resolve() : reject(error));
  });
  return {
    onSend: vi.fn(() => sent),
    answerIt: (error?: Error) =>
      act(async () => {
        answerIt(error);
        await sent.catch(() => undefined);
      }),
  };
}

it.each([
  ["as Chromium tells of it", { isComposing: true, keyCode: 229 }],
  ["as Safari tells of it", { isComposing: false, keyCode: 229 }],
  ["as others tell of it", { isComposing: true, keyCode: 13 }],
])("does not send with the Enter that ends a composition, %s", (_how, keys) => {
  const onSend = vi.fn(() => Promise.resolve());
  show(composer(onSend));
  fireEvent.change(box(), { target: { value: "かな" } });
  fireEvent.compositionStart(box());
  fireEvent.compositionEnd(box());
  fireEvent.keyDown(box(), { key: "Enter", ...keys });
  expect(onSend).not.toHaveBeenCalled();
  fireEvent.keyDown(box(), { key: "Enter", keyCode: 13 });
  expect(onSend).toHaveBeenCalledOnce();
});

it("keeps what is typed while a message is sent", async () => {
  const { onSend, answerIt } = held();
  show(composer(onSend));
  await userEvent.type(box(), "First{Enter}");
  expect(box().value).toBe("");
  await userEvent.type(box(), "Second, meanwhile");
  await answerIt();
  expect(onSend).toHaveBeenCalledExactlyOnceWith("First", []);
  expect(box().value).toBe("Second, meanwhile");
});

it("puts a refused message back before what was typed meanwhile, also where one has gone elsewhere", async () => {
  const { onSend, answerIt } = held();
  const first = show(composer(onSend));
  await userEvent.type(box(), "First{Enter}");
  await userEvent.type(box(), "Second");
  first.unmount();
  await answerIt(Object.assign(new Error(), { status: 409, data: { code: "x", detail: "no" } }));
  show(composer());
  expect(box().value).toBe("First\nSecond");
});

it("gives back what a page was sending that was closed", async () => {
  const { onSend } = held();
  const first = show(composer(onSend));
  await userEvent.type(box(), "First{Enter}");
  first.unmount();
  // Another page begins: it knows only what the device has kept.
  expect(sessionStorage).toHaveLength(1);
  vi.resetModules();
  const fresh = await import("./draft");
  fresh.recoverDraft("c");
  expect(Object.keys(localStorage).map((key) => localStorage.getItem(key))).toEqual(["First"]);
  expect(sessionStorage).toHaveLength(0);
});

it("shows nobody what another person typed", async () => {
  setDraftOwner("alice");
  const first = show(composer());
  await userEvent.type(box(), "A secret of Alice");
  first.unmount();
  setDraftOwner("bob");
  const second = show(composer());
  expect(box().value).toBe("");
  await userEvent.type(box(), "Of Bob");
  second.unmount();
  setDraftOwner("alice");
  const third = show(composer());
  expect(box().value).toBe("A secret of Alice");
  third.unmount();
  forgetDrafts();
  expect(localStorage).toHaveLength(0);
});

/** A paste of these kinds of data. */
function paste(data: Record<string, string>, files: File[]) {
  const event = createEvent.paste(box(), {
    clipboardData: { getData: (kind: string) => data[kind] ?? "", files, types: Object.keys(data) },
  });
  fireEvent(box(), event);
  return event.defaultPrevented;
}

const picture = new File(["x"], "image.png", { type: "image/png" });

it.each([
  ["a spreadsheet", { "text/plain": "1\t2", "text/html": "<table>" }, true],
  ["a paragraph with a picture", { "text/plain": "Words", "text/rtf": "x" }, true],
  ["a picture of a page", { "text/html": "<img>" }, false],
  ["a screenshot", {}, false],
])("pastes the text of %s where there is some, else the picture", async (_what, data, isText) => {
  answer("uploadFile", { id: "f", name: "image.png", media_type: "image/png", size: 1 } as never);
  respond("getFileContent", () => new Response("x"));
  answer("refresh", { access_token: "a", expires_in: 900 } as never);
  show(composer());
  expect(paste(data as Record<string, string>, [picture])).toBe(!isText);
  if (isText) {
    expect(screen.queryByTitle("image.png")).toBeNull();
  } else {
    await screen.findByTitle("image.png");
  }
  expect(asked.some(({ operation }) => operation === "postMessage")).toBe(false);
});

import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { live } from "../../api/live";
import { show } from "../../test/show";
import { Composer } from "./Composer";

function composer(onSend: (text: string) => Promise<void>, sendOnEnter = true) {
  return <Composer place="c" isFocused={false} sendOnEnter={sendOnEnter} picker={null} onSend={onSend} />;
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });

it("sends with Enter, and begins a line with Shift and Enter", async () => {
  const onSend = vi.fn(() => Promise.resolve());
  show(composer(onSend));
  await userEvent.type(box(), "One{Shift>}{Enter}{/Shift}Two{Enter}");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("One\nTwo", []);
  await expect.poll(() => box().value).toBe("");
});

it("begins a line with Enter where that is wanted, and sends with Control and Enter", async () => {
  const onSend = vi.fn(() => Promise.resolve());
  show(composer(onSend, false));
  await userEvent.type(box(), "One{Enter}Two{Control>}{Enter}{/Control}");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("One\nTwo", []);
});

it("keeps what was typed when it is refused, and when the page is closed", async () => {
  const problem = { status: 409, data: { code: "archived", detail: "this conversation is archived" } };
  const refused = Object.assign(new Error(), problem);
  const first = show(composer(() => Promise.reject(refused)));
  await userEvent.type(box(), "Not lost{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("This chat is archived.");
  expect(box().value).toBe("Not lost");
  first.unmount();
  show(composer(() => Promise.resolve()));
  expect(box().value).toBe("Not lost");
});

it("sends nothing that is empty", async () => {
  const onSend = vi.fn(() => Promise.resolve());
  show(composer(onSend));
  await userEvent.type(box(), "   {Enter}");
  expect(onSend).not.toHaveBeenCalled();
});

it("says that the server is away only while it is, and then that the message was not sent", async () => {
  let changed: () => void = () => undefined;
  vi.spyOn(live, "onChange").mockImplementation((listener) => {
    changed = listener;
    return () => undefined;
  });
  const transport = vi.spyOn(live, "transport").mockReturnValue("none");
  const onSend = vi.fn(() => Promise.resolve());
  onSend.mockRejectedValueOnce(Object.assign(new Error(), { status: "FETCH_ERROR", error: "" }));
  show(composer(onSend));
  await userEvent.type(box(), "Are you there?{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Can't reach the server.");
  transport.mockReturnValue("websocket");
  act(changed);
  expect(screen.getByRole("alert").textContent).toContain("Your message wasn't sent.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onSend).toHaveBeenLastCalledWith("Are you there?", []);
  await expect.poll(() => screen.queryByRole("alert")).toBeNull();
  vi.restoreAllMocks();
});

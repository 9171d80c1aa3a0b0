import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
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

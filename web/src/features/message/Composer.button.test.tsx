import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { answer, asked } from "../../test/contract";
import { show } from "../../test/show";
import { Composer } from "./Composer";

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Ask anything" });

function composer(runningId?: string) {
  const onSend = vi.fn(() => Promise.resolve());
  show(<Composer place="c" isFocused={false} sendOnEnter picker={null} runningId={runningId} onSend={onSend} />);
  return onSend;
}

const names = () => screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"));

it("has one button, which sends once there is something to send", async () => {
  const onSend = composer();
  expect(screen.getByRole("button", { name: "Send" })).toHaveProperty("disabled", true);
  await userEvent.type(box(), "Hello");
  expect(names()).toEqual(["Attach files", "Send"]);
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello", []);
});

it("stops a running answer with the same button, and sends after it what is typed meanwhile", async () => {
  answer("cancelResponse", {} as never);
  const onSend = composer("run");
  expect(names()).toEqual(["Attach files", "Stop"]);
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  await expect.poll(() => asked.map(({ operation }) => operation)).toEqual(["cancelResponse"]);
  await userEvent.type(box(), "And then?");
  expect(names()).toEqual(["Attach files", "Send"]);
  await userEvent.tab();
  await userEvent.tab();
  expect((await screen.findByRole("tooltip")).textContent).toContain("Send after this answer");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(onSend).toHaveBeenCalledExactlyOnceWith("And then?", []);
});

it("stops a running answer with Escape", async () => {
  answer("cancelResponse", {} as never);
  composer("run");
  await userEvent.type(box(), "{Escape}");
  await expect.poll(() => asked.map(({ operation }) => operation)).toEqual(["cancelResponse"]);
});

it("grows with a paragraph that has no line breaks", async () => {
  const height = vi.spyOn(HTMLTextAreaElement.prototype, "scrollHeight", "get");
  height.mockImplementation(function (this: HTMLTextAreaElement) {
    return 25 * Math.ceil(this.value.length / 40 || 1);
  });
  composer();
  expect(box().style.height).toBe("25px");
  await userEvent.click(box());
  await userEvent.paste("word ".repeat(40));
  expect(box().style.height).toBe("125px");
  height.mockRestore();
});

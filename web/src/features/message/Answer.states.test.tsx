import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { expect, it } from "vitest";
import type { Message } from "../../api/generated";
import { answer } from "../../test/contract";
import { bodies, button, showAnswer } from "./answer.fixture";
import { answerMessage } from "./message.fixture";
import { pieceHeard } from "./runSlice";

it("shows what the model thinks while it thinks, and then how long it thought", async () => {
  const { store } = showAnswer({ status: "running", content: "" }, { status: "running" });
  const piece = (seq: number, kind: string, text: string, now: number) =>
    act(() => void store.dispatch(pieceHeard({ response_id: "r", seq, kind, text }, now)));
  screen.getByText("Thinking…");
  piece(1, "reasoning", "First line\nSecond **line**", 1_000);
  screen.getByText("Second line");
  expect(screen.queryByText("First line")).toBeNull();
  piece(2, "text", "Well", 5_100);
  await screen.findByRole("button", { name: "Thought for 4s", expanded: false });
  await screen.findByText("Well");
});

it("opens the thoughts of an answer as Markdown, with their time where it was measured", async () => {
  const parts = [{ type: "reasoning", text: "So **bold**", duration_ms: 61_000 }];
  showAnswer({ parts: parts as Message["parts"] });
  await userEvent.click(button("Thought for 1m 1s"));
  expect((await screen.findByText("bold")).tagName).toBe("STRONG");
});

it("says that it thought where nobody measured it", () => {
  showAnswer({ parts: [{ type: "reasoning", text: "Hm" }] });
  button("Thought");
});

it("waits for the answer above without claiming to think", () => {
  showAnswer({ status: "running", content: "" }, { status: "queued" }, true);
  screen.getByText("Waiting for the answer above");
  expect(screen.queryByText("Thinking…")).toBeNull();
});

it("is quiet about an answer that was stopped, and goes on below it", async () => {
  answer("postMessage", { message: answerMessage() });
  showAnswer({ status: "cancelled" });
  screen.getByText("Stopped");
  expect(screen.queryByRole("alert")).toBeNull();
  await userEvent.click(button("Continue"));
  await expect.poll(() => bodies("postMessage")).toEqual([{ content: "Continue.", parent_id: "a" }]);
});

it.each([
  ["failed", { code: "provider_timeout", detail: "no data" }, "The provider took too long to respond."],
  ["failed", { code: "of_tomorrow", detail: "no data" }, undefined],
  ["interrupted", undefined, "The server restarted before this answer was complete."],
] as const)(
  "says why an answer is %s (%o), and tries again by the same or another model",
  async (status, error, words) => {
    answer("regenerateAnswer", {} as never);
    showAnswer({ status }, { status, error });
    const alert = await screen.findByRole("alert");
    await within(alert).findByText(words ?? i18next.t("message.failed"));
    expect(
      within(alert)
        .queryByText(/no data/)
        ?.closest("details")?.open ?? false,
    ).toBe(false);
    await screen.findByText("gpt-5.2");
    await userEvent.click(within(alert).getByRole("button", { name: i18next.t("message.retry") }));
    const same = { assistant_id: "as", model: "openai/gpt-5.2" };
    await expect.poll(() => bodies("regenerateAnswer")).toEqual([same]);
    await userEvent.click(within(alert).getByRole("button", { name: "Try another model" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "opus" }));
    await expect.poll(() => bodies("regenerateAnswer")).toEqual([same, { ...same, model: "anthropic/opus" }]);
  },
);

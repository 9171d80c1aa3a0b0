import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { expect, it, vi } from "vitest";
import { answer } from "../../test/contract";
import { bodies, button, onBranch, onPath, showAnswer } from "./answer.fixture";

it("says which assistant and which model answered", async () => {
  showAnswer();
  await screen.findByText("Harbour clerk");
  screen.getByText("gpt-5.2");
});

it("is signed by the model alone where nobody chose an assistant", async () => {
  showAnswer();
  answer("getAssistant", { name: "General assistant", is_default: true } as never);
  await screen.findByText("gpt-5.2");
  expect(screen.queryByText("General assistant")).toBeNull();
});

it("has its actions in a row whose order does not depend on what is known later", async () => {
  showAnswer({ sibling_ids: ["b", "a", "c"] });
  const names = () => screen.getAllByRole("button").map((one) => one.getAttribute("aria-label"));
  const before = names();
  expect(before).toEqual([
    "Copy",
    i18next.t("message.again"),
    "Regenerate with another model",
    i18next.t("message.up"),
    i18next.t("message.down"),
    "More actions",
    "Previous version",
    "Next version",
  ]);
  screen.getByText("2/3");
  await screen.findByText("Harbour clerk");
  expect(names()).toEqual(before);
});

it("shows its versions also while it is written", () => {
  showAnswer({ status: "running", content: "", sibling_ids: ["b", "a"] }, { status: "running" });
  screen.getByText("2/2");
});

it("regenerates by the same model, or by one that is chosen", async () => {
  answer("regenerateAnswer", {} as never);
  showAnswer();
  await userEvent.click(button(i18next.t("message.again")));
  await expect.poll(() => bodies("regenerateAnswer")).toEqual([{}]);
  expect(onPath).toHaveBeenCalledWith(undefined);
  await userEvent.click(button("Regenerate with another model"));
  await userEvent.click(await screen.findByRole("menuitem", { name: "opus" }));
  await expect.poll(() => bodies("regenerateAnswer")).toEqual([{}, { model: "anthropic/opus" }]);
});

it("keeps its numbers in the details, without those that are not known", async () => {
  showAnswer(
    {},
    {
      usage: { input_tokens: 0, output_tokens: 202 },
      started_at: "2026-01-01T00:00:00Z",
      ended_at: "2026-01-01T00:00:04.200Z",
      calls: [
        { model: "openai/big", took_ms: 1, input_tokens: 0, output_tokens: 0, left_out: [] },
        { model: "openai/gpt-5.2", took_ms: 9, input_tokens: 0, output_tokens: 202, left_out: [] },
      ],
    },
  );
  await screen.findByText("gpt-5.2");
  await userEvent.click(button("More actions"));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Details" }));
  const details = within(await screen.findByRole("dialog", { name: "Details" }));
  details.getByText("Harbour clerk, version 3");
  details.getByText("openai/big");
  details.getByText("202");
  details.getByText("4.2s");
  expect(details.queryByText("Input tokens")).toBeNull();
  expect(details.queryByText("Cost")).toBeNull();
});

it("lets the next message branch from it", async () => {
  showAnswer();
  await userEvent.click(button("More actions"));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Branch from here" }));
  expect(onBranch).toHaveBeenCalledWith("a");
});

it("reads an answer aloud, and stops", async () => {
  const speech = { speak: vi.fn(), cancel: vi.fn() };
  vi.stubGlobal("speechSynthesis", speech);
  vi.stubGlobal(
    "SpeechSynthesisUtterance",
    class {
      constructor(readonly text: string) {}
    },
  );
  showAnswer({ content: "Read **me**" });
  await userEvent.click(button("More actions"));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Read aloud" }));
  expect(speech.speak).toHaveBeenCalledOnce();
  await userEvent.click(button("More actions"));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Stop reading" }));
  expect(speech.cancel).toHaveBeenCalled();
});

it("names who wrote an imported answer, and regenerates it", () => {
  showAnswer({ response_id: null });
  screen.getByText("Assistant");
  expect(button(i18next.t("message.again"))).toBeTruthy();
});

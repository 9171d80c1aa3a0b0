import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { answer } from "../../test/contract";
import { show } from "../../test/show";
import { answerMessage, response } from "./message.fixture";
import { MessageItem } from "./MessageItem";
import { Sources } from "./Sources";

// The code that shows Markdown comes when it is needed first.
const PATIENT = { timeout: 20_000 };

const SOURCES = [1, 3].map((number) => ({
  number,
  title: `Handbook.pdf, page ${number}`,
  quote: `Passage ${number}`,
  location: `/knowledge/b/documents/d?passage=${number}`,
}));

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

function showAnswer(content: string, onSources = vi.fn()) {
  answer("getResponse", response());
  answer("listModels", { items: [] });
  answer("getAssistant", { id: "as", name: "Clerk" } as never);
  const message = answerMessage({ content, citations: SOURCES });
  return show(<MessageItem message={message} isLast isWaiting={false} onPath={vi.fn()} onSources={onSources} />);
}

it("makes the numbers of sources in a text into chips, one for each", async () => {
  showAnswer("Forty euros [1, 3] a night. Not `[1]`, nor [2], nor [a link [1]](https://example.org).");
  const first = await screen.findAllByRole("button", { name: "Source 1: Handbook.pdf, page 1" }, PATIENT);
  expect(first).toHaveLength(1);
  expect(first[0]?.textContent).toBe("1");
  screen.getByRole("button", { name: "Source 3: Handbook.pdf, page 3" });
  expect(screen.getByText("[1]").tagName).toBe("CODE");
  expect(screen.getByText(/nor \[2\]/)).toBeTruthy();
});

it("shows the passage of a chip when it has the focus", async () => {
  showAnswer("Forty euros [1].");
  const chip = await screen.findByRole("button", { name: /^Source 1/ }, PATIENT);
  await userEvent.tab();
  while (document.activeElement !== chip) {
    await userEvent.tab();
  }
  await screen.findByText("Passage 1");
  expect(screen.getByRole("link", { name: "Open" }).getAttribute("href")).toBe(SOURCES[0]?.location);
});

const chipOf = () => screen.findByRole("button", { name: /^Source 1/ }, PATIENT);
const passage = () => screen.queryByText("Passage 1");

it("shows the passage while the mouse is over the chip or its card", async () => {
  const user = userEvent.setup();
  showAnswer("Forty euros [1].");
  const chip = await chipOf();
  // The keyboard was used last, as after typing a question.
  await user.keyboard("a");
  await user.hover(chip);
  await screen.findByText("Passage 1");
  await user.pointer({ target: screen.getByRole("link", { name: "Open" }), coords: { clientX: 4, clientY: 4 } });
  await pause(500);
  expect(passage()).not.toBeNull();
  await user.pointer({ target: document.body, coords: { clientX: 500, clientY: 500 } });
  await waitFor(() => expect(passage()).toBeNull());
});

it("closes the passage by Escape, and leaves the focus on the chip", async () => {
  const user = userEvent.setup();
  showAnswer("Forty euros [1].");
  const chip = await chipOf();
  while (document.activeElement !== chip) {
    await user.tab();
  }
  await screen.findByText("Passage 1");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(passage()).toBeNull());
  expect(document.activeElement).toBe(chip);
});

it("shows the passage at a tap, and not all sources", async () => {
  const user = userEvent.setup();
  const onSources = vi.fn();
  showAnswer("Forty euros [1].", onSources);
  await user.pointer({ keys: "[TouchA]", target: await chipOf() });
  await screen.findByText("Passage 1");
  await pause(500);
  expect(passage()).not.toBeNull();
  expect(onSources).not.toHaveBeenCalled();
  await user.pointer({ keys: "[TouchA]", target: document.body });
  await waitFor(() => expect(passage()).toBeNull());
});

it("opens all sources by a chip and by their number below the answer", async () => {
  const onSources = vi.fn();
  showAnswer("Forty euros [1].", onSources);
  await userEvent.click(await screen.findByRole("button", { name: /^Source 1/ }, PATIENT));
  await userEvent.click(screen.getByRole("button", { name: "2 sources" }));
  expect(onSources.mock.calls).toEqual([[SOURCES, 1], [SOURCES]]);
});

it("lists the sources in a panel, which closes", async () => {
  const onClose = vi.fn();
  vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: true }));
  show(<Sources citations={SOURCES} onClose={onClose} />);
  const panel = within(screen.getByRole("complementary", { name: "Sources" }));
  panel.getByText("Passage 3");
  await userEvent.click(panel.getByRole("button", { name: "Close" }));
  expect(onClose).toHaveBeenCalledOnce();
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledTimes(2);
});

it("marks the source that was asked for in the panel", () => {
  HTMLElement.prototype.scrollIntoView = vi.fn();
  vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: true }));
  show(<Sources citations={SOURCES} marked={3} onClose={vi.fn()} />);
  const marked = screen.getAllByRole("listitem").filter((item) => item.getAttribute("aria-current") === "true");
  expect(marked.map((item) => item.textContent)).toEqual([expect.stringContaining("page 3")]);
});

it.each([
  ["Forty euros [1].", "euros1."],
  ["Forty `euros` [1], each [3] [1].", "euros1,"],
  ["**Forty**[1, 3]", "Forty13"],
])("keeps the chip of %j on the line of its word", async (content, line) => {
  showAnswer(content);
  const chips = await screen.findAllByRole("button", { name: /^Source 1/ }, PATIENT);
  expect(chips[0]?.closest(".whitespace-nowrap")?.textContent).toBe(line);
});

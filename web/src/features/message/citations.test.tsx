import { screen, within } from "@testing-library/react";
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

it("opens all sources by a chip and by their number below the answer", async () => {
  const onSources = vi.fn();
  showAnswer("Forty euros [1].", onSources);
  await userEvent.click(await screen.findByRole("button", { name: /^Source 1/ }, PATIENT));
  await userEvent.click(screen.getByRole("button", { name: "2 sources" }));
  expect(onSources.mock.calls).toEqual([[SOURCES], [SOURCES]]);
});

it("lists the sources in a panel, which closes", async () => {
  const onClose = vi.fn();
  vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: true }));
  show(<Sources citations={SOURCES} onClose={onClose} />);
  const panel = within(screen.getByRole("complementary", { name: "Sources" }));
  panel.getByText("Passage 3");
  await userEvent.click(panel.getByRole("button", { name: "Close" }));
  expect(onClose).toHaveBeenCalledOnce();
});

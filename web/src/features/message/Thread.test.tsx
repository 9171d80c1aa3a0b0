import { act, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { Message } from "../../api/generated";
import { live } from "../../api/live";
import { answer } from "../../test/contract";
import { show } from "../../test/show";
import { answerMessage, question, response } from "./message.fixture";
import { pieceHeard } from "./runSlice";
import { Thread } from "./Thread";

const rendered: string[] = [];
vi.mock("../../ui/RichText", () => ({
  RichText: ({ text }: { text: string }) => {
    rendered.push(text);
    return <p>{text}</p>;
  },
}));

// jsdom lays nothing out: every box is as high as the window.
vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);

beforeEach(() => {
  rendered.length = 0;
  vi.spyOn(live, "subscribe").mockReturnValue(() => undefined);
  vi.spyOn(live, "rewind").mockReturnValue(undefined);
  HTMLElement.prototype.scrollTo = vi.fn();
  answer("getResponse", response());
  answer("getAssistant", { id: "as", name: "Clerk" } as never);
  answer("moveReadMarker", null);
  answer("listModels", { items: [] });
});

function showThread(items: Message[], path = { id: "c" }) {
  answer("listMessages", { items: items.toReversed() });
  return show(<Thread path={path} onPath={vi.fn()} lastRead="a" />);
}

const Q2 = question({ id: "q2", parent_id: "a", content: "And then?" });

it("does not render an answer again while another one is written", async () => {
  const running = answerMessage({ id: "a2", parent_id: "q2", response_id: "r2", status: "running", content: "" });
  const { store } = showThread([question(), answerMessage(), Q2, running]);
  await screen.findByText("Because.");
  const piece = (seq: number, text: string) =>
    act(() => void store.dispatch(pieceHeard({ response_id: "r2", seq, kind: "text", text })));
  piece(1, "Once");
  await screen.findByText("Once");
  // The row of the run's assistant comes late.
  await screen.findAllByText("Clerk");
  rendered.length = 0;
  piece(2, " upon a time");
  await screen.findByText("Once upon a time");
  expect(new Set(rendered)).toEqual(new Set(["Once upon a time"]));
});

it("says of a question that it waits for the answer above", async () => {
  const running = answerMessage({ status: "running", content: "" });
  showThread([question(), running, Q2]);
  await screen.findByText("Waiting for the answer above");
});

it("says where the next message will be when it branches", async () => {
  showThread([question(), answerMessage()], { id: "c", leaf: "a" } as never);
  await screen.findByText(/starts a new branch/);
});

it("places its rows without a transform, which would misplace captions that stick", async () => {
  showThread([question(), answerMessage()]);
  const row = (await screen.findByText("Because.")).closest<HTMLElement>("[data-index]");
  expect(row?.style.top).toMatch(/^\d+px$/);
  expect(row?.style.transform).toBe("");
});

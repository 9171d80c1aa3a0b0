/** An answer as the thread shows it, for tests. */
import { vi } from "vitest";
import { screen } from "@testing-library/react";
import type { Assistant, Message, Response } from "../../api/generated";
import { answer, asked } from "../../test/contract";
import { show } from "../../test/show";
import { answerMessage, response } from "./message.fixture";
import { MessageItem } from "./MessageItem";

export const onPath = vi.fn();
export const onBranch = vi.fn();

export function showAnswer(changes: Partial<Message> = {}, run: Partial<Response> = {}, isWaiting = false) {
  onPath.mockReset();
  onBranch.mockReset();
  answer("getResponse", response(run));
  answer("getAssistant", { id: "as", name: "Harbour clerk" } as Assistant);
  answer("listModels", {
    items: ["openai/gpt-5.2", "anthropic/opus"].map((id) => ({
      id,
      name: id.split("/")[1] ?? "",
      provider: id.split("/")[0] ?? "",
      built_in: false,
      default: false,
      chat: true,
      enabled: true,
    })),
  });
  return show(
    <MessageItem
      message={answerMessage(changes)}
      isLast
      isWaiting={isWaiting}
      onPath={onPath}
      onBranch={onBranch}
      onSources={vi.fn()}
    />,
  );
}

export const button = (name: string) => screen.getByRole("button", { name });

/** What an operation was asked with. */
export const bodies = (operation: string) =>
  asked.filter((request) => request.operation === operation).map(({ body }) => body);

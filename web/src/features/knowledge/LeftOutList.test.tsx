import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../test/show";
import { DocumentStatus } from "./DocumentStatus";
import type { Document, LeftOut } from "./knowledgeApi";

function document(left_out: LeftOut[]): Document {
  return {
    id: "d",
    version: 1,
    knowledge_base_id: "k",
    added_by: "u",
    name: "scan.pdf",
    media_type: "application/pdf",
    size: 1,
    status: "ready",
    attempt: 1,
    chunks: 1,
    characters: 1,
    left_out,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  };
}

it("names the pages that were left out, each kind in one sentence", () => {
  show(
    <DocumentStatus
      document={document([
        { kind: "page_without_text", page: 12 },
        { kind: "unreadable_page", page: 3 },
        { kind: "page_without_text", page: 2 },
        { kind: "page_without_text", count: 150 },
        { kind: "unknown_characters", page: 1, count: 5 },
        { kind: "struck_text", page: 1, count: 2 },
        { kind: "struck_text", page: 3, count: 1 },
        { kind: "hidden_text", page: 2, count: 4 },
        { kind: "of_a_newer_server", page: 1 },
      ])}
    />,
  );
  screen.getByText("Page 3 couldn't be read.");
  screen.getByText("Pages 2, 12, and 150 more have no text.");
  screen.getByText("5 characters couldn't be read.");
  screen.getByText("3 struck-through passages were skipped.");
  screen.getByText("4 hidden passages were skipped.");
  screen.getByText("Part of the document was skipped.");
});

it("says nothing where nothing was left out", () => {
  const { container } = show(<DocumentStatus document={document([])} />);
  expect(container.textContent).toBe("Ready");
});

import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Document } from "../../api/generated";
import { readableName } from "../../lib/fileName";
import { answer } from "../../test/contract";
import { dangers } from "../../test/dangers";
import { FILE_NAMES, REORDERING } from "../../test/payloads/fileNames";
import { show } from "../../test/show";
import { DocumentTable } from "./DocumentTable";

it("shows the names of documents as text", async () => {
  const items = FILE_NAMES.map(
    (name, index) =>
      ({
        id: `d${index}`,
        knowledge_base_id: "k",
        name,
        media_type: "text/plain",
        size: 9,
        status: "ready",
        left_out: [],
        created_at: "2026-11-01T10:00:00Z",
      }) as unknown as Document,
  );
  answer("listDocuments", { items, next_cursor: null });
  const { container } = show(<DocumentTable base="k" mayChange />);
  const links = await screen.findAllByRole("link");
  expect(links.map((link) => link.textContent)).toEqual(FILE_NAMES.map(readableName));
  expect(links.map((link) => link.dir)).toEqual(FILE_NAMES.map(() => "auto"));
  expect(container.innerHTML).not.toMatch(REORDERING);
  expect(dangers(container)).toEqual([]);

  // Questions and notices name it as well.
  const [menu] = screen.getAllByRole("button", { name: "Actions for invoicefdp.exe" });
  await userEvent.click(menu as HTMLElement);
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
  const question = await screen.findByRole("dialog");
  within(question).getByText(/invoicefdp\.exe/);
});

import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { File } from "../../api/generated";
import { readableName, splitName } from "../../lib/fileName";
import { dangers } from "../../test/dangers";
import { FILE_NAMES, REORDERING } from "../../test/payloads/fileNames";
import { show } from "../../test/show";
import { AttachedFiles } from "./AttachedFiles";
import { AttachmentTile } from "./AttachmentTile";
import { messageApi } from "./messageApi";

/** Each item shows the name at its place as text, its extension in sight, and is named by it. */
function expectNames(container: HTMLElement, action: string) {
  const items = screen.getAllByRole("listitem");
  expect(items).toHaveLength(FILE_NAMES.length);
  for (const [index, name] of FILE_NAMES.entries()) {
    const item = items[index] as HTMLElement;
    const readable = readableName(name);
    const shown = item.querySelector("[dir=auto]");
    expect(shown?.textContent).toBe(readable);
    expect(shown?.lastElementChild?.textContent).toBe(splitName(readable)[1]);
    expect(shown?.lastElementChild?.className).toBe("shrink-0");
    expect(within(item).getByRole("button").getAttribute("aria-label")).toBe(`${action} ${readable}`);
  }
  expect(container.innerHTML).not.toMatch(REORDERING);
  expect(dangers(container)).toEqual([]);
}

it.each([
  ["that were uploaded", undefined],
  ["that are on their way", 0.5],
])("shows the names of files %s as text in the composer", (_when, progress) => {
  const tiles = FILE_NAMES.map((name) => (
    <AttachmentTile key={name} name={name} size={9} kind="text" progress={progress} onRemove={vi.fn()} />
  ));
  const { container } = show(<ul>{tiles}</ul>);
  expectNames(container, "Remove");
});

it("shows the names of a message's files as text", async () => {
  const ids = FILE_NAMES.map((_name, index) => `f${index}`);
  const { container } = show(<AttachedFiles ids={ids} />, "/", (store) => {
    for (const [index, name] of FILE_NAMES.entries()) {
      const file = { id: `f${index}`, name, media_type: "text/plain", size: 9 } as File;
      void store.dispatch(messageApi.util.upsertQueryData("getFile", { id: file.id }, file));
    }
  });
  await screen.findByRole("button", { name: /%3Cscript%3E/ });
  expectNames(container, "Download");
});

import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { show } from "../test/show";
import { CopyButton } from "./CopyButton";

let copied = "";

/** The older way, as a browser does it: what is selected. */
function older(works: boolean) {
  const execCommand = () => {
    copied = (document.activeElement as HTMLTextAreaElement).value;
    return works;
  };
  Object.assign(document, { execCommand });
}

function clipboard(value: unknown) {
  Object.defineProperty(navigator, "clipboard", { value, configurable: true });
}

afterEach(() => {
  copied = "";
});

it.each([
  ["there is no secure context", () => undefined],
  ["the clipboard is denied", () => ({ writeText: () => Promise.reject(new Error("denied")) })],
])("copies in the older way where %s, and else says what to do", async (_why, make) => {
  const user = userEvent.setup();
  clipboard(make());
  older(true);
  show(<CopyButton label="Copy" text={() => "The text"} />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(copied).toBe("The text");
  expect(document.querySelector("textarea")).toBeNull();
  older(false);
  await user.click(screen.getByRole("button", { name: "Copied" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Ctrl+C");
});

it("copies by the clipboard where there is one", async () => {
  const user = userEvent.setup();
  const writeText = vi.fn(() => Promise.resolve());
  clipboard({ writeText });
  show(<CopyButton label="Copy" text={() => "The text"} />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(writeText).toHaveBeenCalledExactlyOnceWith("The text");
});

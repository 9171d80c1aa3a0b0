import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { show } from "../test/show";
import { CopyLine } from "./CopyLine";
import { Dialog } from "./Dialog";
import { Toasts } from "./Toast";

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

function Line() {
  return (
    <>
      <CopyLine label="Password" text="The text" />
      <Toasts />
    </>
  );
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
  show(<Line />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(copied).toBe("The text");
  expect(document.querySelector("textarea")).toBeNull();
  older(false);
  await user.click(screen.getByRole("button", { name: "Copied" }));
  await screen.findByText(/Ctrl\+C/);
});

it("copies by the clipboard where there is one", async () => {
  const user = userEvent.setup();
  const writeText = vi.fn(() => Promise.resolve());
  clipboard({ writeText });
  show(<Line />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(writeText).toHaveBeenCalledExactlyOnceWith("The text");
});

it("copies in the older way inside a dialog, which keeps the focus to itself", async () => {
  const user = userEvent.setup();
  clipboard(undefined);
  older(true);
  show(
    <Dialog title="New password" isOpen onClose={vi.fn()}>
      <Line />
    </Dialog>,
  );
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(copied).toBe("The text");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Copied" }));
});

it("offers to copy again after two seconds", async () => {
  const user = userEvent.setup();
  clipboard({ writeText: () => Promise.resolve() });
  show(<Line />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  await screen.findByRole("button", { name: "Copy" }, { timeout: 5_000 });
});

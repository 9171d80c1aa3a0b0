import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

it("fails alone, and is tried again", async () => {
  // React tells of what it has caught.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = { is: true };
  function Part() {
    if (broken.is) {
      throw new Error("broken");
    }
    return <p>whole</p>;
  }
  render(
    <>
      <ErrorBoundary>
        <Part />
      </ErrorBoundary>
      <p>beside</p>
    </>,
  );
  expect(screen.getByRole("alert").textContent).toContain("Something went wrong.");
  screen.getByText("beside");
  broken.is = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  screen.getByText("whole");
  vi.restoreAllMocks();
});

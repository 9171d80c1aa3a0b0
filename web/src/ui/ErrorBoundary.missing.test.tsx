import { screen } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { part } from "../lib/part";
import { show } from "../test/show";
import { ErrorBoundary } from "./ErrorBoundary";

const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal("CSS", { escape: String });
});

it("offers a fresh page in the place of the part, and leaves the others alone", async () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload, origin: "http://localhost", href: "http://localhost/" });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("")));
  sessionStorage.setItem("reloaded:Room", "1");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Room = lazy(part<{ default: () => null }>("Room", missing));
  show(
    <>
      <p>The others</p>
      <ErrorBoundary>
        <Suspense>
          <Room />
        </Suspense>
      </ErrorBoundary>
    </>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("couldn't be loaded");
  screen.getByText("The others");
  screen.getByRole("button", { name: "Reload" }).click();
  expect(reload).toHaveBeenCalledOnce();
});

import { act, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { Preview } from "./Preview";

function frame(): HTMLIFrameElement {
  const found = document.querySelector("iframe");
  if (found === null) {
    throw new Error("there is no frame");
  }
  return found;
}

/** A message as the frame, or another window, would send it. */
function hear(data: unknown, source: MessageEventSource | null = frame().contentWindow): void {
  act(() => void window.dispatchEvent(new MessageEvent("message", { data, source })));
}

describe("a preview", () => {
  it("gets its source once it is ready, and again in the other colours", async () => {
    render(<Preview kind="mermaid" source="flowchart" />);
    const post = vi.spyOn(frame().contentWindow as Window, "postMessage").mockImplementation(() => undefined);
    expect(post).not.toHaveBeenCalled();
    hear({ type: "ready" });
    expect(post.mock.lastCall?.[0]).toEqual({ type: "show", source: "flowchart", isDark: false });
    await act(async () => {
      document.documentElement.dataset.theme = "dark";
      await Promise.resolve();
    });
    expect(post.mock.lastCall?.[0]).toEqual({ type: "show", source: "flowchart", isDark: true });
    delete document.documentElement.dataset.theme;
  });

  it("is as high as it says, within limits", () => {
    render(<Preview kind="mermaid" source="flowchart" />);
    hear({ type: "height", height: 200 });
    expect(frame().style.height).toBe("200px");
    hear({ type: "height", height: 1e9 });
    expect(frame().style.height).toBe("640px");
    hear({ type: "height", height: -5 });
    expect(frame().style.height).toBe("48px");
  });

  it("is heard only from its own window, and only what it may say", () => {
    render(<Preview kind="html" source="<p>" />);
    const before = frame().style.height;
    hear({ type: "height", height: 200 }, window);
    hear({ type: "height", height: 200 }, null);
    hear({ type: "height", height: "200px" });
    hear({ type: "height", height: NaN });
    hear({ type: "error", message: { toString: () => "x" } });
    hear("height");
    hear(null);
    hear({ type: "navigate", to: "https://evil.example" });
    expect(frame().style.height).toBe(before);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("shows its source where it fails, and why", () => {
    render(<Preview kind="mermaid" source="no diagram" />);
    hear({ type: "error", message: "No diagram type <b>detected</b>" });
    expect(screen.getByRole("alert").textContent).toBe("This can't be shown: No diagram type <b>detected</b>");
    expect(document.querySelector("pre")?.textContent).toBe("no diagram");
    expect(document.querySelector("iframe")).toBeNull();
  });
});

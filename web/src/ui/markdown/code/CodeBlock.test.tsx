import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CodeBlock } from "./CodeBlock";

const long = Array.from({ length: 45 }, (_, index) => `line ${index + 1}`).join("\n");

function code(): string {
  return screen.getByRole("figure").querySelector("pre")?.textContent ?? "";
}

afterEach(() => void vi.useRealTimers());

describe("CodeBlock", () => {
  it.each([
    ["rust", "Rust"],
    ["ts title", "TypeScript"],
    ["{.python}", "Python"],
    ["c++", "C++"],
    ["brainfuck", "brainfuck"],
    ["__proto__", "__proto__"],
    ["", "Code"],
  ])("names the language of %j", (info, name) => {
    render(<CodeBlock code="x" language={info} />);
    expect(screen.getByRole("figure", { name })).toBeTruthy();
  });

  it("is coloured once it is complete, and keeps every character", async () => {
    const source = 'const x: string = "a";\n\n// comment\nfunction f() {}';
    const { rerender } = render(<CodeBlock code={source} language="ts" isOpen />);
    expect(code()).toBe(source);
    expect(screen.getByRole("figure").querySelector("[class^=token-]")).toBeNull();
    rerender(<CodeBlock code={source} language="ts" />);
    await waitFor(() => expect(screen.getByRole("figure").querySelector(".token-comment")).not.toBeNull());
    expect(screen.getByRole("figure").querySelector(".token-keyword")?.textContent).toBe("const");
    expect(code().trimEnd()).toBe(source);
  });

  it("folds beyond thirty lines, and shows the end while it is written", async () => {
    const { rerender } = render(<CodeBlock code={long} language="" isOpen />);
    expect(code().split("\n").at(0)).toBe("line 16");
    expect(code().split("\n").at(-1)).toBe("line 45");
    rerender(<CodeBlock code={long} language="" />);
    expect(code()).toMatch(/^line 1\n/);
    expect(code()).not.toContain("line 31");
    await userEvent.click(screen.getByRole("button", { name: "Show all 45 lines" }));
    expect(code()).toBe(long);
    await userEvent.click(screen.getByRole("button", { name: "Show fewer lines" }));
    expect(code()).not.toContain("line 31");
  });

  it("is copied whole, says so for two seconds, and says what to do where it cannot be", async () => {
    const write = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { userAgent: navigator.userAgent, clipboard: { writeText: write } });
    vi.useFakeTimers({ shouldAdvanceTime: true });
    render(<CodeBlock code={long} language="" />);
    fireEvent.click(screen.getByRole("button", { name: "Copy code" }));
    await screen.findByRole("button", { name: "Copied" });
    expect(write).toHaveBeenCalledWith(long);
    act(() => void vi.advanceTimersByTime(2_100));
    expect(screen.getByRole("button", { name: "Copy code" })).toBeTruthy();
    vi.unstubAllGlobals();
  });

  it("is saved with the ending of its language", async () => {
    const saved: string[] = [];
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    render(<CodeBlock code="x" language="python" />);
    await userEvent.click(screen.getByRole("button", { name: "Download" }));
    expect(saved).toEqual(["code.py"]);
    click.mockRestore();
  });

  it("wraps long lines where that is wanted", async () => {
    render(<CodeBlock code="x" language="" />);
    const button = screen.getByRole("button", { name: "Wrap lines" });
    await userEvent.click(button);
    expect(screen.getByRole("figure").querySelector("pre")?.className).toBe("code-wrapped");
    expect(button.getAttribute("aria-pressed")).toBe("true");
  });

  it("shows drawings at once, pages only where somebody asks, and nothing half", async () => {
    const { rerender } = render(<CodeBlock code="<svg></svg>" language="svg" />);
    expect(screen.getByRole("img", { name: "Preview" }).getAttribute("src")).toMatch(/^data:image\/svg\+xml/);
    rerender(<CodeBlock key={2} code="<p>x</p>" language="html" />);
    expect(document.querySelector("iframe")).toBeNull();
    await userEvent.click(screen.getByRole("radio", { name: "Preview" }));
    const frame = document.querySelector("iframe");
    expect(frame?.getAttribute("src")).toBe("/preview/html");
    expect(frame?.getAttribute("sandbox")).toBe("allow-scripts");
    rerender(<CodeBlock key={3} code="flowchart" language="mermaid" isOpen />);
    expect(document.querySelector("iframe")).toBeNull();
    rerender(<CodeBlock key={4} code={"x".repeat(100_001)} language="mermaid" />);
    expect(document.querySelector("iframe")).toBeNull();
  });
});

import { render, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown from "../Markdown";

async function typeset(text: string): Promise<HTMLElement> {
  const { container } = render(<Markdown text={text} />);
  await waitFor(() => expect(container.querySelector(".formula, span.formula-source")).not.toBeNull(), {
    timeout: 30_000,
  });
  return container;
}

describe("formulas", () => {
  it("are typeset, in a line and set off, with their source for screen readers", async () => {
    const page = await typeset("so \\(a^2\\):\n\n\\[\n\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}\n\\]");
    expect(page.querySelector("p .formula .katex-html")).not.toBeNull();
    expect(page.querySelector(".formula-display .katex-display .mtable")).not.toBeNull();
    expect(page.querySelector("annotation")?.textContent).toBe("a^2");
  });

  it("are typeset in a fence of that name, and prices are not", async () => {
    const page = await typeset("```math\n\\frac{1}{2}\n```\n\nIt costs $5 for one and $9 for two.");
    expect(page.querySelector(".formula-display .mfrac")).not.toBeNull();
    expect(page.querySelectorAll(".katex")).toHaveLength(1);
    expect(page.textContent).toContain("It costs $5 for one and $9 for two.");
  });

  it("are shown as their source where they are wrong, or grow without end", async () => {
    const cells = `\\begin{matrix}${"&".repeat(500)}\\end{matrix}`;
    for (const tex of ["\\frac{a", "\\def\\a{\\a\\a}\\a", "\\nocommand", cells]) {
      const page = await typeset(`\\[ ${tex} \\]`);
      expect(page.querySelector("span.formula-source")?.textContent, tex).toBe(tex);
      expect(page.querySelector(".katex")).toBeNull();
    }
  });

  it("do not change one another", async () => {
    const page = await typeset("$\\gdef\\x{y}\\x$ and $\\x$");
    await waitFor(() => expect(page.querySelectorAll("p > span")).toHaveLength(2));
    expect(page.querySelector("span.formula-source")?.textContent).toBe("\\x");
  });

  it("have no links, pictures or attributes of their own, and no great size", async () => {
    for (const tex of ["\\href{https://evil.example}{x}", "\\includegraphics{/x.png}", "\\htmlStyle{color:red}{x}"]) {
      const page = await typeset(`$${tex}$`);
      expect(page.querySelector("a, img, [style*='color: red']"), tex).toBeNull();
    }
    const page = await typeset("$\\rule{9999em}{9999em}$");
    expect(page.querySelector<HTMLElement>(".rule")?.style.borderTopWidth).toBe("20em");
  });

  it("wait until they are whole", () => {
    const { container } = render(<Markdown text={"so \\(a^2 + \\frac{1}"} isStreaming />);
    expect(container.querySelector("code.formula-source")?.textContent).toBe("a^2 + \\frac{1}");
  });
});

import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Markdown from "../Markdown";
import { isNumeric } from "./columns";

function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `| row ${index} | ${index} ms | **b** |`);
  return ["| Name | Time | Note |", "|---|---|---|", ...lines].join("\n");
}

describe("tables", () => {
  it("have one head, and all their rows in order", () => {
    const { container } = render(<Markdown text={table(80)} />);
    expect(container.querySelectorAll("table")).toHaveLength(1);
    expect(container.querySelectorAll("thead")).toHaveLength(1);
    const names = [...container.querySelectorAll("tbody tr")].map((row) => row.querySelector("td")?.textContent);
    expect(names).toEqual(Array.from({ length: 80 }, (_, index) => `row ${index}`));
    expect(container.querySelectorAll("td strong")).toHaveLength(80);
  });

  it("show the first rows of many, and more where they are wanted", async () => {
    const { container } = render(<Markdown text={table(3_000)} />);
    expect(container.querySelectorAll("tbody tr")).toHaveLength(100);
    expect(screen.getByText("100 of 3,000 rows")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(container.querySelectorAll("tbody tr")).toHaveLength(400));
  });

  it("align numbers to the right in all of their rows, where nothing else is said", () => {
    const { container } = render(<Markdown text={table(80)} />);
    expect(container.querySelectorAll("tr > :nth-child(2).cell-right")).toHaveLength(81);
    expect(container.querySelectorAll("tr > :nth-child(1).cell-right, tr > :nth-child(3).cell-right")).toHaveLength(0);
    const said = render(<Markdown text={"| a | b |\n|:--|:-:|\n| 1 | 2 |"} />).container;
    expect(said.querySelectorAll(".cell-right")).toHaveLength(0);
    expect(said.querySelectorAll(".cell-center")).toHaveLength(2);
    const inList = render(<Markdown text={"- x\n\n  | a | b |\n  |---|---|\n  | 1 | x |"} />).container;
    expect(inList.querySelectorAll(".cell-right")).toHaveLength(2);
  });

  it("keep the rows above as they are while another one is written", () => {
    const { container, rerender } = render(<Markdown text={`${table(60)}\n| row`} isStreaming />);
    const first = container.querySelector("td")?.firstChild;
    rerender(<Markdown text={`${table(60)}\n| row 60 | 1`} isStreaming />);
    expect(container.querySelector("td")?.firstChild).toBe(first);
    expect(container.querySelectorAll("tbody tr")).toHaveLength(61);
  });
});

describe("isNumeric", () => {
  it.each([
    ["1", "2.5"],
    ["4.1 ms", "—"],
    ["$5.00", "€1,000"],
    ["12%", "~3 %"],
    ["-1", "−2"],
    ["18/20", "3 × 4"],
    ["**1**", ""],
  ])("knows %j and %j", (...cells) => expect(isNumeric(cells)).toBe(true));
  it.each([
    ["2024-01-05", "2024-01-06"],
    ["1 apple tree", "2"],
    ["", "-"],
    ["v1.2", "v1.3"],
    ["1 of many", "3"],
  ])("does not take %j and %j for numbers", (...cells) => expect(isNumeric(cells)).toBe(false));
});

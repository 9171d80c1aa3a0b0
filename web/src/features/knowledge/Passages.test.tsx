import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { answer } from "../../test/contract";
import { show } from "../../test/show";
import { Passages } from "./Passages";

it("marks the passage that was cited as a block, which an inline mark would not paint", async () => {
  Element.prototype.scrollIntoView = () => undefined;
  const chunk = (number: number, text: string) => ({ id: `c${number}`, number, text, tokens: 3, headings: [] });
  answer("listChunks", { items: [chunk(0, "Ebb at noon"), chunk(1, "Flood at six")], next_cursor: null });
  show(<Passages id="d" passage="c1" />);
  const mark = (await screen.findByText("Flood at six")).closest("mark");
  expect(mark?.className).toContain("block");
  expect(screen.getByText("Ebb at noon").closest("mark")).toBeNull();
});

import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Cell, NoteRow, Row, Table } from "./Table";

it("gives each cell the title of its column, which a phone shows beside it", () => {
  const seats = [4, 5];
  render(
    <Table
      label="Boats"
      columns={["Name", { title: "Oars", align: "end" }, "Seats", { title: "Actions", isHidden: true }]}
    >
      <Row>
        <Cell>Heron</Cell>
        {seats.map((count) => (
          <Cell key={count}>{count}</Cell>
        ))}
        <Cell>Menu</Cell>
      </Row>
      <NoteRow>Leaks</NoteRow>
    </Table>,
  );
  const titleOf = (name: string) => screen.getByRole("cell", { name }).dataset.title;
  expect(["Heron", "4", "5", "Menu"].map(titleOf)).toEqual(["Name", "Oars", "Seats", undefined]);
  expect(screen.getByRole<HTMLTableCellElement>("cell", { name: "Leaks" }).colSpan).toBe(4);
});

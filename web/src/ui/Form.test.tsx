import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { show } from "../test/show";
import { Form } from "./Form";
import { TextField } from "./TextField";

it("asks for every field that is missing at once, and sends nothing before", async () => {
  const onSubmit = vi.fn();
  show(
    <Form errors={undefined} onSubmit={onSubmit}>
      <TextField name="name" label="Name" isRequired />
      <TextField name="email" label="Email" isRequired />
      <TextField name="note" label="Note" />
      <button type="submit">Send</button>
    </Form>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(screen.getAllByText("This is required.")).toHaveLength(2);
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText("Name"), "Ada");
  await userEvent.type(screen.getByLabelText("Email"), "ada@example.org{Enter}");
  expect(onSubmit).toHaveBeenCalledOnce();
  expect(screen.queryByText("This is required.")).toBeNull();
});

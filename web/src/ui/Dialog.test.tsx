import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "../test/show";
import { Dialog } from "./Dialog";
import { TextField } from "./TextField";

it("lets one type at once, over what its first field holds", async () => {
  show(
    <Dialog title="Rename" isOpen onClose={() => undefined}>
      <TextField label="Title" defaultValue="Before" />
      <TextField label="Note" />
    </Dialog>,
  );
  await userEvent.keyboard("After");
  expect(screen.getByLabelText<HTMLInputElement>("Title").value).toBe("After");
});

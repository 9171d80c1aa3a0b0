import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useState } from "react";
import { Link } from "react-router";
import { useResourceForm } from "../hooks/useResourceForm";
import { show } from "../test/show";
import { Page } from "./Page";
import { ResourceForm } from "./ResourceForm";
import { TextField } from "./TextField";

interface Thing {
  name: string;
  version: number;
}

const save = vi.fn((values: { name: string }, { version }: Thing) =>
  Promise.resolve({ ...values, version: version + 1 }),
);

function Editor() {
  const [thing, setThing] = useState<Thing>({ name: "Tower", version: 1 });
  const form = useResourceForm({ resource: thing, valuesOf: ({ name }: Thing) => ({ name }), save });
  return (
    <Page title="Edit">
      <ResourceForm form={form} label="Thing">
        <TextField name="name" label="Name" value={form.values.name} onChange={form.set("name")} />
      </ResourceForm>
      <button type="button" onClick={() => setThing({ name: "Theirs", version: 7 })}>
        Somebody saves
      </button>
      <button type="button" onClick={() => setThing({ name: "Tower", version: 8 })}>
        Something else changes
      </button>
      <Link to="/elsewhere">Leave</Link>
    </Page>
  );
}

const name = () => screen.getByLabelText("Name");
const press = (button: string) => userEvent.click(screen.getByRole("button", { name: button }));

function open() {
  save.mockClear();
  return show(
    [
      { path: "/", element: <Editor /> },
      { path: "/elsewhere", element: <p>Elsewhere</p> },
    ],
    "/",
  );
}

it("offers to save only while something has changed, and saves it", async () => {
  open();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  await userEvent.type(name(), "s");
  await press("Save");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  expect(save).toHaveBeenCalledWith({ name: "Towers" }, { name: "Tower", version: 1 });
  await userEvent.type(name(), "!{Enter}");
  expect(save).toHaveBeenLastCalledWith({ name: "Towers!" }, { name: "Towers", version: 2 });
});

it("discards edits", async () => {
  open();
  await userEvent.type(name(), "s");
  await press("Discard");
  expect(name()).toHaveProperty("value", "Tower");
});

it("asks before edits are lost, and lets go of what was saved", async () => {
  const { router } = open();
  await userEvent.type(name(), "s");
  await userEvent.click(screen.getByRole("link", { name: "Leave" }));
  await screen.findByRole("dialog", { name: "Discard unsaved changes?" });
  await press("Keep editing");
  expect(router.state.location.pathname).toBe("/");
  expect(name()).toHaveProperty("value", "Towers");
  await userEvent.click(screen.getByRole("link", { name: "Leave" }));
  await userEvent.click(await screen.findByRole("button", { name: "Discard changes" }));
  await screen.findByText("Elsewhere");
});

it("leaves without a question once it is saved", async () => {
  open();
  await userEvent.type(name(), "s");
  await press("Save");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  await userEvent.click(screen.getByRole("link", { name: "Leave" }));
  await screen.findByText("Elsewhere");
});

it("keeps edits when somebody else saves, until the newer version is asked for", async () => {
  open();
  await userEvent.type(name(), "s");
  await press("Somebody saves");
  await screen.findByText(/Someone else saved a newer version/);
  expect(name()).toHaveProperty("value", "Towers");
  await press("Save");
  // The server must see which version the edits were made on.
  expect(save).toHaveBeenCalledWith({ name: "Towers" }, { name: "Tower", version: 1 });
});

it("loads the newer version", async () => {
  open();
  await userEvent.type(name(), "s");
  await press("Somebody saves");
  await press("Load newer version");
  expect(name()).toHaveProperty("value", "Theirs");
});

it("shows what somebody else saved at once where nothing was edited", async () => {
  open();
  await press("Somebody saves");
  expect(name()).toHaveProperty("value", "Theirs");
});

it("goes on with the newest version when only something outside of the form has changed", async () => {
  open();
  await userEvent.type(name(), "s");
  await press("Something else changes");
  expect(screen.queryByText(/newer version/)).toBeNull();
  await press("Save");
  expect(save).toHaveBeenCalledWith({ name: "Towers" }, { name: "Tower", version: 8 });
});

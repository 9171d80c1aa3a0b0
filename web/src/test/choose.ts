/** Chooses from a list of the page as a person does: opens it and presses an option. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

export async function choose(label: string | RegExp, option: string): Promise<void> {
  await userEvent.click(screen.getByRole("button", { name: label }));
  await userEvent.click(await screen.findByRole("option", { name: option }));
}

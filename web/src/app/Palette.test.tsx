import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Conversation } from "../api/generated";
import { answer, asked } from "../test/contract";
import { as } from "../test/people";
import { show } from "../test/show";
import Palette from "./Palette";

function open(role: "user" | "admin" = "user") {
  answer("listConversations", {
    items: [{ id: "c1", title: "Names for a cat" } as Conversation],
    next_cursor: null,
  });
  answer("search", { items: [], next_cursor: null } as never);
  const onClose = vi.fn();
  return { onClose, ...show(<Palette onClose={onClose} />, "/", as(role)) };
}

it("proposes recent chats and actions before anything is typed", async () => {
  const { router } = open();
  await screen.findByRole("menuitem", { name: "Names for a cat" });
  screen.getByRole("menuitem", { name: "New chat" });
  expect(screen.queryByRole("menuitem", { name: "Administration" })).toBeNull();
  await userEvent.click(screen.getByRole("menuitem", { name: "Names for a cat" }));
  expect(router.state.location.pathname).toBe("/c/c1");
});

it("goes to a page by keyboard", async () => {
  const { router, onClose } = open("admin");
  await userEvent.keyboard("assist");
  await screen.findByRole("menuitem", { name: "Assistants" });
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/assistants"));
  expect(onClose).toHaveBeenCalled();
});

it("does things that are no page", async () => {
  open();
  answer("updatePreferences", {} as never);
  await userEvent.keyboard("dark");
  await userEvent.click(await screen.findByRole("menuitem", { name: /Dark/ }));
  await waitFor(() =>
    expect(asked.find(({ operation }) => operation === "updatePreferences")?.body).toEqual({ theme: "dark" }),
  );
});

it("leads to all that was found, and closes at one press of Escape", async () => {
  const { router, onClose } = open();
  const hit = { kind: "conversation", id: "c1", conversation_id: "c1", title: "Lanterns", fragments: [] };
  answer("search", { items: [hit], next_cursor: null } as never);
  await userEvent.keyboard("lantern");
  await userEvent.click(await screen.findByRole("menuitem", { name: "Show all results" }));
  await waitFor(() => expect(router.state.location.search).toBe("?q=lantern"));
  onClose.mockClear();
  await userEvent.click(screen.getByRole("searchbox"));
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
});

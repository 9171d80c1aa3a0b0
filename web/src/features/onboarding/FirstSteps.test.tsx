import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import type { User } from "../../api/generated";
import { answer } from "../../test/contract";
import { OLLAMA } from "../../test/providers";
import { show } from "../../test/show";
import { FirstSteps } from "./FirstSteps";
import { useNotes } from "./useNotes";

const ADA = { id: "ada", display_name: "Ada" } as User;

function Steps() {
  return <FirstSteps notes={useNotes()} />;
}

beforeEach(() => {
  answer("listProviders", { items: [OLLAMA] });
  answer("listUsers", { items: [ADA] });
  answer("listKnowledgeBases", { items: [] });
});

it("ticks what the installation has, and leads to the rest", async () => {
  show(<Steps />);
  await screen.findByText("1 of 4 done");
  expect(screen.queryByRole("link", { name: "Connect" })).toBeNull();
  expect(screen.getByRole("link", { name: "Add people" }).getAttribute("href")).toBe("/admin/users");
  expect(screen.getByRole("link", { name: "New knowledge base" }).getAttribute("href")).toBe("/knowledge/new");
});

it("remembers that the master key is safe", async () => {
  const { unmount } = show(<Steps />);
  await userEvent.click(await screen.findByRole("button", { name: "I have a copy" }));
  await screen.findByText("2 of 4 done");
  unmount();
  show(<Steps />);
  await screen.findByText("2 of 4 done");
});

it("is gone once it was hidden", async () => {
  const { unmount } = show(<Steps />);
  await userEvent.click(await screen.findByRole("button", { name: "Hide these steps" }));
  expect(screen.queryByText("Get started")).toBeNull();
  unmount();
  show(<Steps />);
  expect(screen.queryByText("Get started")).toBeNull();
});

it("does not count a model whose provider does not respond", async () => {
  answer("listProviders", { items: [{ ...OLLAMA, health: "unreachable" as const }] });
  show(<Steps />);
  await screen.findByText("0 of 4 done");
});

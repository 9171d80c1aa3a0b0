import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { show } from "../../test/show";
import { LocalServers } from "./LocalServers";
import { ProviderForm } from "./ProviderForm";

const OLLAMA = {
  id: "p",
  version: 1,
  name: "ollama",
  kind: "openai_compatible" as const,
  base_url: "http://127.0.0.1:11434/v1",
  has_api_key: false,
  models: [],
  health: "ok" as const,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

it("names the setting that allows a private address, at the address", async () => {
  const detail = "allow it with CONVOSPHERE_EGRESS__ALLOW=127.0.0.1:1";
  const errors = [{ pointer: "/base_url", code: "egress_blocked", detail }];
  refuse("createProvider", { status: 422, code: "egress_blocked", detail, errors });
  const onAdded = vi.fn();
  show(<ProviderForm onAdded={onAdded} />);
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await screen.findByText(/Allow it in the server's settings: CONVOSPHERE_EGRESS__ALLOW=127\.0\.0\.1:1/);
  expect(onAdded).not.toHaveBeenCalled();
  // No key is sent as none, not as an empty one.
  expect(asked[0]?.body).toMatchObject({ name: "openai", api_key: null });
});

it("connects a server that was found with one press, and offers none that is connected", async () => {
  const { name, base_url } = OLLAMA;
  answer("listLocalServers", { items: [{ name, base_url }] });
  answer("listProviders", { items: [] });
  answer("createProvider", OLLAMA);
  const onAdded = vi.fn();
  show(<LocalServers onAdded={onAdded} />);
  const button = await screen.findByRole("button", { name: "Connect ollama" });
  answer("listProviders", { items: [OLLAMA] });
  await userEvent.click(button);
  await expect.poll(() => onAdded.mock.calls.length).toBe(1);
  await expect.poll(() => screen.queryByRole("button", { name: "Connect ollama" })).toBeNull();
});

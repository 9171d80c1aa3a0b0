import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { answer, asked, refuse } from "../../test/contract";
import { OLLAMA } from "../../test/providers";
import { show } from "../../test/show";
import { LocalServers } from "./LocalServers";
import { ProviderForm } from "./ProviderForm";

/** What was asked to change something. */
const changes = () => asked.filter(({ operation }) => !operation.startsWith("list"));

beforeEach(() => answer("listProviders", { items: [] }));

it("gives the setting that allows a private address, to be copied", async () => {
  const errors = [{ pointer: "/base_url", code: "egress_blocked", detail: "base_url is in a private network" }];
  refuse("createProvider", { status: 422, code: "egress_blocked", detail: "base_url is in a private network", errors });
  const onAdded = vi.fn();
  show(<ProviderForm onAdded={onAdded} />);
  await userEvent.click(screen.getByRole("radio", { name: "Ollama" }));
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await screen.findByText("CONVOSPHERE_EGRESS__ALLOW=127.0.0.1:11434");
  expect(onAdded).not.toHaveBeenCalled();
  // No key is sent as none, not as an empty one.
  const sent = { name: "ollama", kind: "openai_compatible", base_url: "http://127.0.0.1:11434/v1", api_key: null };
  expect(changes()[0]?.body).toEqual(sent);
});

it("knows the address and the API of well-known providers, and asks for them only of others", async () => {
  answer("createProvider", OLLAMA);
  show(<ProviderForm onAdded={() => undefined} />);
  await userEvent.click(screen.getByRole("radio", { name: "Anthropic" }));
  expect(screen.getByRole("link", { name: /console\.anthropic\.com/ })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /API type/ })).toBeNull();
  await userEvent.type(screen.getByLabelText("API key"), "sk-1");
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await expect
    .poll(() => changes()[0]?.body)
    .toMatchObject({ kind: "anthropic", base_url: "https://api.anthropic.com/v1", api_key: "sk-1" });
  await userEvent.click(screen.getByRole("radio", { name: "Other provider" }));
  expect(screen.getByRole("button", { name: /API type/ })).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Base URL").value).toBe("");
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

it("corrects a provider that did not respond instead of adding it twice", async () => {
  const ill = { ...OLLAMA, name: "openai", health: "unreachable" as const, fault: "unauthorized" };
  answer("createProvider", ill);
  answer("updateProvider", { ...ill, health: "ok", fault: null });
  const onAdded = vi.fn();
  show(<ProviderForm onAdded={onAdded} />);
  await userEvent.type(screen.getByLabelText("API key"), "sk-wrong");
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await expect.poll(() => onAdded.mock.calls.length).toBe(1);
  await userEvent.clear(screen.getByLabelText("API key"));
  await userEvent.type(screen.getByLabelText("API key"), "sk-right");
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await expect.poll(() => onAdded.mock.calls.length).toBe(2);
  expect(changes().map(({ operation }) => operation)).toEqual(["createProvider", "updateProvider"]);
  expect(changes()[1]?.body).toEqual({ base_url: "https://api.openai.com/v1", api_key: "sk-right" });
});

it("forgets a key when another provider is chosen", async () => {
  show(<ProviderForm onAdded={() => undefined} />);
  await userEvent.type(screen.getByLabelText("API key"), "sk-of-openai");
  await userEvent.click(screen.getByRole("radio", { name: "Other provider" }));
  expect(screen.getByLabelText<HTMLInputElement>("API key").value).toBe("");
});

it("corrects a provider that was added before the page was loaded, and keeps its key", async () => {
  const failed = { ...OLLAMA, has_api_key: true, health: "unreachable" as const, fault: "no_connection" };
  answer("listProviders", { items: [failed] });
  answer("updateProvider", { ...failed, health: "ok", fault: null });
  const onAdded = vi.fn();
  show(<ProviderForm onAdded={onAdded} />);
  await expect.poll(() => asked.length).toBe(1);
  await userEvent.click(screen.getByRole("radio", { name: "Ollama" }));
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await expect.poll(() => onAdded.mock.calls.length).toBe(1);
  expect(changes().map(({ operation, body }) => [operation, body])).toEqual([
    ["updateProvider", { base_url: OLLAMA.base_url }],
  ]);
});

it("says at the name that another provider has it, or what is allowed", async () => {
  refuse("createProvider", { status: 409, code: "taken", detail: "the name is taken" });
  show(<ProviderForm onAdded={() => undefined} />);
  const name = screen.getByLabelText<HTMLInputElement>("Name");
  await userEvent.clear(name);
  await userEvent.type(name, "Local Lab");
  expect(name.value).toBe("local-lab");
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await expect.poll(() => name.getAttribute("aria-invalid")).toBe("true");
  screen.getByText("Another provider has this name.");
  const errors = [{ pointer: "/name", code: "invalid_name", detail: "name has other characters" }];
  refuse("createProvider", { status: 422, code: "invalid_name", detail: "name has other characters", errors });
  await userEvent.type(name, "!");
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await screen.findByText("Use 1 to 40 lowercase letters, digits and hyphens.");
});

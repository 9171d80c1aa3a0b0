/** A provider and a model, as the server describes them. */
import type { Model, Provider } from "../api/generated";

export const OLLAMA: Provider = {
  id: "p",
  version: 1,
  name: "ollama",
  kind: "openai_compatible",
  base_url: "http://127.0.0.1:11434/v1",
  has_api_key: false,
  models: [],
  disabled_models: [],
  health: "ok",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

export const GPT: Model = {
  id: "openai/gpt-5",
  name: "gpt-5",
  provider: "openai",
  built_in: false,
  default: false,
  chat: true,
  enabled: true,
  context_window: 128_000,
};

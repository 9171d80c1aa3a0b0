import type { ProviderKind } from "../../api/generated";

/** A provider that many people use, with the address it has. */
export interface Preset {
  id: string;
  title: string;
  /** The letters in its tile. */
  mark: string;
  /** The first part of the names of its models. */
  name: string;
  kind: ProviderKind;
  base_url: string;
  /** Where its keys are created; servers on one's own machine need none. */
  keys?: string;
}

export const CUSTOM = "custom";

export const PRESETS: Preset[] = [
  {
    id: "openai",
    title: "OpenAI",
    mark: "OA",
    name: "openai",
    kind: "openai_compatible",
    base_url: "https://api.openai.com/v1",
    keys: "https://platform.openai.com/api-keys",
  },
  {
    id: "anthropic",
    title: "Anthropic",
    mark: "An",
    name: "anthropic",
    kind: "anthropic",
    base_url: "https://api.anthropic.com/v1",
    keys: "https://console.anthropic.com/settings/keys",
  },
  {
    id: "gemini",
    title: "Google Gemini",
    mark: "Ge",
    name: "gemini",
    kind: "gemini",
    base_url: "https://generativelanguage.googleapis.com/v1beta",
    keys: "https://aistudio.google.com/apikey",
  },
  {
    id: "ollama",
    title: "Ollama",
    mark: "Ol",
    name: "ollama",
    kind: "openai_compatible",
    base_url: "http://127.0.0.1:11434/v1",
  },
  {
    id: "openrouter",
    title: "OpenRouter",
    mark: "OR",
    name: "openrouter",
    kind: "openai_compatible",
    base_url: "https://openrouter.ai/api/v1",
    keys: "https://openrouter.ai/settings/keys",
  },
  {
    id: "lm-studio",
    title: "LM Studio",
    mark: "LM",
    name: "lm-studio",
    kind: "openai_compatible",
    base_url: "http://127.0.0.1:1234/v1",
  },
];

/** The list of the picker: assistants first, then favourite models, then the others by provider. */
import type { Assistant, Model } from "./modelApi";

/** What was chosen: another assistant, or another model for the same assistant. */
export type Choice = { assistantId: string } | { model: string };

export type Option = { key: string } & ({ assistant: Assistant } | { model: Model });

export interface Section {
  id: string;
  options: Option[];
}

export const ASSISTANTS = "assistants";
export const FAVORITES = "favorites";
/** What separates the sections of providers from the two above. */
const PROVIDER = "provider:";

export function keyOfAssistant(id: string): string {
  return `assistant:${id}`;
}

export function keyOfModel(id: string): string {
  return `model:${id}`;
}

/** The provider whose models a section has. */
export function providerOf(section: Section): string {
  return section.id.slice(PROVIDER.length);
}

export function choiceOf(option: Option): Choice {
  return "assistant" in option ? { assistantId: option.assistant.id } : { model: option.model.id };
}

export function sectionsOf(assistants: Assistant[], models: Model[], favorites: string[]): Section[] {
  const usable = assistants.filter(({ status }) => status === "active");
  const offered = usable.some(({ is_default }) => !is_default) ? usable : [];
  const option = (model: Model): Option => ({ key: keyOfModel(model.id), model });
  // Embedding, speech and image models cannot answer.
  const chatModels = models.filter(({ chat }) => chat);
  const favorite = favorites.flatMap((id) => chatModels.find((model) => model.id === id) ?? []);
  const others = chatModels.filter(({ id }) => !favorites.includes(id));
  // What is built in answers where nothing else does.
  const providers = [...new Set([...others].sort(byBuiltIn).map(({ provider }) => provider))];
  return [
    {
      id: ASSISTANTS,
      options: offered.map((assistant) => ({ key: keyOfAssistant(assistant.id), assistant })),
    },
    { id: FAVORITES, options: favorite.map(option) },
    ...providers.map((provider) => ({
      id: PROVIDER + provider,
      options: others.filter((model) => model.provider === provider).map(option),
    })),
  ].filter(({ options }) => options.length > 0);
}

function byBuiltIn(one: Model, other: Model): number {
  return Number(one.built_in) - Number(other.built_in);
}

/** The size of a context window in thousands or millions of tokens, as providers name it. */
export function contextText(tokens: number): string {
  const thousands = Math.round(tokens / (tokens % 1000 !== 0 && tokens % 1024 === 0 ? 1024 : 1000));
  return thousands < 1000 ? `${thousands}k` : `${Math.round(thousands / 100) / 10}M`;
}

import type { CreateAssistant } from "../../api/generated";
import { useResourceForm } from "../../hooks/useResourceForm";
import type { Assistant } from "./assistantApi";

/** An empty text leaves it to the model; what is no number goes as it is, so that the server refuses it at its field. */
function numberOf(text: string): number | null {
  const parsed = Number(text.replace(",", "."));
  if (text.trim() === "") {
    return null;
  }
  return Number.isNaN(parsed) ? (text as unknown as number) : parsed;
}

function valuesOf(assistant: Assistant | undefined, knowledge: string[]) {
  return {
    name: assistant?.name ?? "",
    description: assistant?.description ?? "",
    instructions: assistant?.instructions ?? "",
    model: assistant?.model ?? "",
    temperature: assistant?.temperature?.toString() ?? "",
    max_output_tokens: assistant?.max_output_tokens?.toString() ?? "",
    visibility: assistant?.visibility === "everyone" ? ("everyone" as const) : ("private" as const),
    knowledge_base_ids: assistant?.knowledge_base_ids ?? knowledge,
  };
}

type Values = ReturnType<typeof valuesOf>;

function bodyOf(values: Values): CreateAssistant {
  return {
    ...values,
    model: values.model || null,
    temperature: numberOf(values.temperature),
    max_output_tokens: numberOf(values.max_output_tokens),
  };
}

interface Options {
  /** Undefined where it is created. */
  assistant?: Assistant;
  /** What a new assistant answers from. */
  knowledge?: string[];
  /** Rejects with the error of a query. */
  onSave: (body: CreateAssistant, assistant: Assistant | undefined) => Promise<Assistant>;
}

const NONE: string[] = [];

/** The configuration of an assistant while it is edited, over all tabs of its page. */
export function useAssistantForm({ assistant, knowledge = NONE, onSave }: Options) {
  return useResourceForm({
    resource: assistant,
    valuesOf: (from) => valuesOf(from, knowledge),
    save: (values, from): Promise<Assistant | undefined> => onSave(bodyOf(values), from),
  });
}

export type AssistantFormState = ReturnType<typeof useAssistantForm>;

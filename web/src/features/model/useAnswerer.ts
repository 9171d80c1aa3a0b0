import { useTranslation } from "react-i18next";
import {
  type Assistant,
  type Model,
  useGetAssistantQuery,
  useListAssistantsQuery,
  useListModelsQuery,
} from "./modelApi";

/** At most this many assistants are offered; the page of assistants has all of them. */
const ASSISTANTS = 100;

/** How old the list of models may be when a chat is opened, in seconds: nothing tells of models that are disabled. */
const FRESH = 30;

export interface Answerer {
  /** Undefined for the default assistant, which is the model alone. */
  assistant: Assistant | undefined;
  defaultAssistant: Assistant | undefined;
  /** Undefined while the models are unknown, and where the chosen one no longer exists. */
  model: Model | undefined;
  /** The name of the chosen model, where an administrator has disabled it or its provider no longer has it. */
  missing: string | undefined;
  /** What the model is called. */
  modelName: string;
  models: Model[];
  assistants: Assistant[];
  isLoaded: boolean;
}

/** Who answers where an assistant and a model were chosen, if any. */
export function useAnswerer(assistantId: string | undefined, modelId: string | undefined): Answerer {
  const { t } = useTranslation();
  const { data: listed } = useListModelsQuery({}, { refetchOnMountOrArgChange: FRESH });
  const { data: assistants } = useListAssistantsQuery({ limit: ASSISTANTS });
  const isListed = assistants?.items.find(({ id }) => id === assistantId);
  const { currentData: single } = useGetAssistantQuery(
    { id: assistantId ?? "" },
    { skip: assistantId === undefined || assistants === undefined || isListed !== undefined },
  );
  const models = listed?.items ?? [];
  const standard = assistants?.items.find(({ is_default }) => is_default);
  const chosen = assistantId === undefined ? standard : (isListed ?? single);
  const id = modelId ?? chosen?.model ?? models.find((model) => model.default)?.id;
  const model = models.find((known) => known.id === id);
  const isComplete = listed !== undefined && listed.next_cursor == null;
  return {
    assistant: chosen?.is_default === true ? undefined : chosen,
    defaultAssistant: standard,
    model,
    missing: isComplete && model === undefined ? id?.replace(/^[^/]*\//, "") : undefined,
    modelName: model?.built_in === true ? t("model.guide") : (model?.name ?? id ?? ""),
    models,
    assistants: assistants?.items ?? [],
    isLoaded: listed !== undefined && assistants !== undefined,
  };
}

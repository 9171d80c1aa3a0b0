import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { usePostMessageMutation } from "./messageApi";

/** Asks the model to go on where an answer ended. */
export function useContinue({ id, conversation_id }: Message, onPath: (through: string | undefined) => void) {
  const { t } = useTranslation();
  const [post, { isLoading, error }] = usePostMessageMutation();
  const start = async () => {
    const postMessage = { content: t("message.continueRequest"), parent_id: id };
    const { error } = await post({ id: conversation_id, postMessage });
    if (error === undefined) {
      onPath(undefined);
    }
  };
  return { continueAnswer: start, isLoading, error };
}

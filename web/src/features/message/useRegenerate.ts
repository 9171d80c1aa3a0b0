import type { Message, RegenerateAnswer } from "../../api/generated";
import { useRegenerateAnswerMutation } from "./messageApi";

/** Asks for another version of an answer, and shows it. Resolves to the error, if there is one. */
export function useRegenerate({ id }: Message, onPath: (through: string | undefined) => void) {
  const [regenerate, { isLoading, error }] = useRegenerateAnswerMutation();
  const start = async (regenerateAnswer: RegenerateAnswer = {}) => {
    if (isLoading) {
      return undefined;
    }
    const { error } = await regenerate({ id, regenerateAnswer });
    if (error === undefined) {
      onPath(undefined);
    }
    return error;
  };
  return { regenerate: start, isLoading, error };
}

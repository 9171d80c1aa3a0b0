import type { Message } from "../../api/generated";
import { useRested } from "../../hooks/useRested";
import { messageApi, useGetAssistantQuery } from "./messageApi";

/** Answers that are only scrolled past are not requested, in milliseconds. */
const REST = 150;

/** The run that wrote an answer, and its assistant; undefined until they are known. */
export function useResponse(message: Message) {
  const hasRested = useRested(REST);
  const id = message.response_id ?? "";
  const isNone = id === "";
  const { getResponse } = messageApi.endpoints;
  getResponse.useQuerySubscription({ id }, { skip: isNone || !hasRested });
  // The live connection may have delivered it already.
  const { data: response } = getResponse.useQueryState({ id }, { skip: isNone });
  const { data: assistant } = useGetAssistantQuery(
    { id: response?.assistant_id ?? "" },
    { skip: response === undefined },
  );
  return { response, assistant };
}

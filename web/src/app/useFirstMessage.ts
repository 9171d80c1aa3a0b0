import { useRef } from "react";
import type { CreateConversation } from "../api/generated";
import { problemOf } from "../api/problem";
import {
  useCreateConversationMutation,
  useRestoreConversationMutation,
  useTrashConversationMutation,
  useUpdateConversationMutation,
} from "../features/conversation/conversationApi";
import { usePostMessageMutation } from "../features/message/messageApi";

interface Begun {
  id: string;
  as: CreateConversation;
  /** It was put away when its first message was refused. */
  isTrashed: boolean;
}

/**
 * Sends the first message of a conversation, and makes the conversation for it. However often that fails, there is one
 * conversation at most, and none in the list while its first message is refused. Rejects with the error of a query.
 */
export function useFirstMessage() {
  const begun = useRef<Begun>(undefined);
  const [create] = useCreateConversationMutation();
  const [restore] = useRestoreConversationMutation();
  const [trash] = useTrashConversationMutation();
  const [update] = useUpdateConversationMutation();
  const [post] = usePostMessageMutation();

  async function begin(as: CreateConversation): Promise<Begun> {
    const before = begun.current;
    if (before === undefined || before.as.assistant_id !== as.assistant_id) {
      const { id } = await create({ createConversation: as }).unwrap();
      return { id, as, isTrashed: false };
    }
    const { id } = before;
    if (before.isTrashed) {
      await restore({ id }).unwrap();
    }
    if (before.as.model !== as.model) {
      await update({ id, updateConversation: { model: as.model ?? null } }).unwrap();
    }
    return { id, as, isTrashed: false };
  }

  return async (as: CreateConversation, content: string, attachment_ids: string[]): Promise<string> => {
    const conversation = await begin(as);
    begun.current = conversation;
    const { id } = conversation;
    try {
      await post({ id, postMessage: { content, attachment_ids } }).unwrap();
    } catch (error) {
      const { status } = problemOf(error);
      if (status >= 400 && status < 500) {
        // Refused for good: nothing has come into it.
        conversation.isTrashed = (await trash({ id })).error === undefined;
      }
      throw error;
    }
    begun.current = undefined;
    return id;
  };
}

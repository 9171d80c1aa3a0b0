import type { CreateConversation } from "../api/generated";
import { useCreateConversationMutation } from "../features/conversation/conversationApi";

/** Starts a chat with its first message: both or neither. Gives the id; rejects with the error of a query. */
export function useFirstMessage() {
  const [create] = useCreateConversationMutation();
  return async (chat: Omit<CreateConversation, "message">, content: string, attachment_ids: string[]) => {
    const { id } = await create({
      createConversation: { ...chat, message: { content, attachment_ids } },
    }).unwrap();
    return id;
  };
}

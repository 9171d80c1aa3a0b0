import { useTranslation } from "react-i18next";
import { type KnowledgeBase, useCreateAssistantMutation, useLazyListAssistantsQuery } from "./knowledgeApi";

/**
 * Finds who answers from a knowledge base and from nothing else: an assistant of the caller, created when they ask for
 * the first time. Gives the address of a new chat with it; rejects with the error of a query.
 */
export function useChatWithBase(me: string) {
  const { t } = useTranslation();
  const [list, listing] = useLazyListAssistantsQuery();
  const [create, creation] = useCreateAssistantMutation();

  async function chat({ id, name }: KnowledgeBase): Promise<string> {
    const { items } = await list({ limit: 200 }).unwrap();
    const known = items.find(
      ({ owner_id, status, knowledge_base_ids: [first, ...others] }) =>
        owner_id === me && status === "active" && first === id && others.length === 0,
    );
    const assistant =
      known ??
      (await create({
        createAssistant: {
          name,
          description: t("knowledge.assistantFor", { name }),
          knowledge_base_ids: [id],
          status: "active",
        },
      }).unwrap());
    return `/?assistant=${assistant.id}`;
  }

  return { chat, isPending: listing.isFetching || creation.isLoading };
}

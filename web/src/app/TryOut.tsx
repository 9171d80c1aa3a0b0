import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useGetConversationQuery } from "../features/conversation/conversationApi";
import { Composer } from "../features/message/Composer";
import { usePostMessageMutation, useThreadInfiniteQuery } from "../features/message/messageApi";
import { Thread } from "../features/message/Thread";
import { Button } from "../ui/Button";
import { useFirstMessage } from "./useFirstMessage";

/** A chat with an assistant beside its form: a conversation like any other, begun by the first message. */
export function TryOut({ assistantId, name }: { assistantId: string; name: string }) {
  const { t } = useTranslation();
  const [id, setId] = useState<string>();
  const [through, setThrough] = useState<string>();
  const [model, setModel] = useState<string>();
  const sendFirst = useFirstMessage();
  const [post] = usePostMessageMutation();
  const path = { id: id ?? "", through };
  const { data } = useThreadInfiniteQuery(path, { skip: id === undefined });
  const { data: conversation } = useGetConversationQuery({ id: id ?? "" }, { skip: id === undefined });
  const newest = data?.pages[0]?.items ?? [];

  async function send(content: string, attachment_ids: string[]) {
    const title = t("assistant.trial", { name });
    if (id === undefined) {
      setId(await sendFirst({ assistant_id: assistantId, title, model }, content, attachment_ids));
      return;
    }
    const parent_id = through === undefined ? undefined : newest[0]?.id;
    await post({ id, postMessage: { content, parent_id, model, attachment_ids } }).unwrap();
    setThrough(undefined);
  }

  return (
    <section aria-labelledby="try" className="flex h-[36rem] flex-col gap-2 rounded-lg border border-line p-3">
      <div className="flex items-center justify-between gap-2">
        <h2 id="try" className="font-semibold">
          {t("assistant.try")}
        </h2>
        {id !== undefined && (
          <span className="flex items-center gap-2">
            <Link className="text-sm underline" to={`/c/${id}`}>
              {t("assistant.open")}
            </Link>
            <Button onPress={() => setId(undefined)}>{t("assistant.tryAnew")}</Button>
          </span>
        )}
      </div>
      {id === undefined ? (
        <p className="flex-1 text-sm text-text-2">{t("assistant.tryHint")}</p>
      ) : (
        <Thread
          key={through}
          path={path}
          onPath={setThrough}
          lastRead={conversation && (conversation.last_read_message_id ?? null)}
        />
      )}
      <Composer
        place={`try:${assistantId}`}
        focuses={false}
        runningId={newest.find((message) => message.status === "running")?.response_id ?? undefined}
        sendOnEnter
        model={model}
        onModel={setModel}
        onSend={send}
      />
    </section>
  );
}

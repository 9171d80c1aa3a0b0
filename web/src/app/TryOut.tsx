import { Maximize2, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useGetConversationQuery } from "../features/conversation/conversationApi";
import { Composer } from "../features/message/Composer";
import { usePostMessageMutation, useThreadInfiniteQuery } from "../features/message/messageApi";
import { Thread } from "../features/message/Thread";
import { ModelChip } from "../features/model/ModelChip";
import { useAnswerer } from "../features/model/useAnswerer";
import { IconButton } from "../ui/IconButton";
import { useFirstMessage } from "./useFirstMessage";

/** A chat with an assistant beside its form, which no list shows; the first message creates it. */
export function TryOut({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation();
  const [id, setId] = useState<string>();
  const [through, setThrough] = useState<string>();
  const [model, setModel] = useState<string>();
  const answerer = useAnswerer(assistantId, model);
  const navigate = useNavigate();
  const sendFirst = useFirstMessage();
  const [post] = usePostMessageMutation();
  const path = { id: id ?? "", through };
  const { data } = useThreadInfiniteQuery(path, { skip: id === undefined });
  const { data: conversation } = useGetConversationQuery({ id: id ?? "" }, { skip: id === undefined });
  const newest = data?.pages[0]?.items ?? [];

  async function send(content: string, attachment_ids: string[]) {
    if (id === undefined) {
      setId(await sendFirst({ assistant_id: assistantId, model, hidden: true }, content, attachment_ids));
      return;
    }
    const parent_id = through === undefined ? undefined : newest[0]?.id;
    await post({ id, postMessage: { content, parent_id, model, attachment_ids } }).unwrap();
    setThrough(undefined);
  }

  return (
    <section
      aria-labelledby="try"
      className="flex h-[36rem] flex-col gap-2 rounded-card border border-line p-3 lg:sticky lg:top-7 lg:h-[calc(100dvh-13rem)] lg:min-h-96"
    >
      <div className="flex min-h-8 items-center justify-between gap-2 ps-1">
        <h2 id="try" className="text-section">
          {t("assistant.try")}
        </h2>
        {id !== undefined && (
          <span className="flex items-center">
            <IconButton label={t("assistant.tryAnew")} icon={RotateCcw} onPress={() => setId(undefined)} />
            <IconButton label={t("assistant.open")} icon={Maximize2} onPress={() => void navigate(`/c/${id}`)} />
          </span>
        )}
      </div>
      {id === undefined ? (
        <p className="flex flex-1 items-center justify-center p-6 text-center text-ui text-text-3">
          {t("assistant.tryHint")}
        </p>
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
        isFocused={false}
        runningId={newest.findLast((message) => message.status === "running")?.response_id ?? undefined}
        sendOnEnter
        model={answerer.model}
        picker={
          <ModelChip
            answerer={answerer}
            onChoose={(choice) => setModel("model" in choice ? choice.model : undefined)}
          />
        }
        onSend={send}
      />
    </section>
  );
}

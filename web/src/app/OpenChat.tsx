import { MessageCircleOff } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import { useGetConversationQuery, useUpdateConversationMutation } from "../features/conversation/conversationApi";
import { Composer } from "../features/message/Composer";
import { usePostMessageMutation, useThreadInfiniteQuery } from "../features/message/messageApi";
import { Thread } from "../features/message/Thread";
import { ModelChip } from "../features/model/ModelChip";
import { ModelMissing } from "../features/model/ModelMissing";
import type { Choice } from "../features/model/sections";
import { useAnswerer } from "../features/model/useAnswerer";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import { useHere } from "../hooks/useHere";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Failed } from "../ui/Failed";
import { NotFound } from "../ui/NotFound";
import { ChatClosed } from "./ChatClosed";
import { ChatHeader } from "./ChatHeader";

/** Answers of the server by which no chat has this id, or none that the person may see. */
const UNKNOWN = [400, 403, 404, 422];

/** A chat: its messages, and where the next one is written. */
export function OpenChat({ id }: { id: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  // A chat has other paths beside the current one: the address tells which one is shown.
  const through = search.get("through") ?? undefined;
  const leaf = search.get("leaf") ?? undefined;
  const isElsewhere = through !== undefined || leaf !== undefined;
  const path = { id, through, leaf };
  const { data: preferences } = useGetPreferencesQuery();
  const { data: thread } = useThreadInfiniteQuery(path);
  const { data: conversation, error } = useGetConversationQuery({ id });
  const answerer = useAnswerer(conversation?.assistant_id, conversation?.model ?? undefined);
  const here = useHere(useLocation().key);
  const [post] = usePostMessageMutation();
  const [update] = useUpdateConversationMutation();
  const [failed, setFailed] = useState<unknown>();
  const choosing = useRef<Promise<unknown>>(Promise.resolve());
  const newest = thread?.pages[0]?.items ?? [];
  // Later ones wait for the first.
  const running = newest.findLast((message) => message.status === "running");

  async function send(content: string, attachment_ids: string[]) {
    const isHere = here();
    // What was chosen just now answers already.
    await choosing.current;
    const parent_id = isElsewhere ? newest[0]?.id : undefined;
    await post({ id, postMessage: { content, parent_id, attachment_ids } }).unwrap();
    if (isElsewhere && isHere()) {
      // It is the current path now.
      showPath(undefined);
    }
  }

  function choose(choice: Choice) {
    const change = "model" in choice ? choice : { assistant_id: choice.assistantId, model: null };
    choosing.current = update({ id, updateConversation: change })
      .unwrap()
      .then(() => setFailed(undefined), setFailed);
  }

  function showPath(message: string | undefined) {
    setSearch(message === undefined ? {} : { through: message }, { replace: true });
  }

  if (error !== undefined && conversation === undefined && UNKNOWN.includes(problemOf(error).status)) {
    return <NotFound title={t("app.notFound")} detail={t("conversation.notFound")} icon={MessageCircleOff} />;
  }
  const source = conversation?.imported_from as "chatgpt" | "convosphere" | null | undefined;
  const title = conversation?.title ?? t("conversation.untitled");
  const isClosed = conversation?.archived === true || conversation?.trashed === true;
  return (
    <>
      <title>{`${title} · ${t("app.name")}`}</title>
      <h1 className="sr-only">{title}</h1>
      <ChatHeader answerer={answerer} onChoose={choose} conversation={conversation} />
      <ErrorBoundary key={through ?? leaf}>
        {source != null && <p className="text-center text-small text-text-3">{t(`portability.from.${source}`)}</p>}
        <Thread
          path={path}
          onPath={showPath}
          onBranch={(leaf) => setSearch({ leaf }, { replace: true })}
          lastRead={conversation && (conversation.last_read_message_id ?? null)}
        />
      </ErrorBoundary>
      <div className="relative px-4 pb-2 before:pointer-events-none before:absolute before:inset-x-0 before:-top-[34px] before:h-[34px] before:bg-linear-to-t before:from-bg before:to-transparent">
        <div className="mx-auto flex w-full max-w-reading flex-col gap-2">
          {failed !== undefined && <Failed problem={problemOf(failed)} />}
          {!isClosed && <ModelMissing answerer={answerer} onChoose={choose} />}
          {isClosed ? (
            <ChatClosed conversation={conversation} />
          ) : (
            <Composer
              place={id}
              runningId={running?.response_id ?? undefined}
              sendOnEnter={preferences?.send_on_enter ?? true}
              assistant={answerer.assistant?.name}
              model={answerer.model}
              picker={<ModelChip answerer={answerer} onChoose={choose} />}
              onSend={send}
            />
          )}
          <p className="text-center text-small text-text-3">{t("composer.disclaimer")}</p>
        </div>
      </div>
    </>
  );
}

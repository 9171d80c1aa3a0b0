import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import { useGetConversationQuery, useUpdateConversationMutation } from "../features/conversation/conversationApi";
import { Composer } from "../features/message/Composer";
import { moveDraft } from "../features/message/draft";
import { usePostMessageMutation, useThreadInfiniteQuery } from "../features/message/messageApi";
import { Thread } from "../features/message/Thread";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import { useHere } from "../hooks/useHere";
import { Button } from "../ui/Button";
import { Failed } from "../ui/Failed";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { useSuggestions } from "./suggestions";
import { useFirstMessage } from "./useFirstMessage";

/** A conversation, or the place where one begins: the first message makes it. */
export function ChatPage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  // Beside the current path a conversation has others: which one is shown, the address tells.
  const through = search.get("through") ?? undefined;
  const assistant = search.get("assistant") ?? undefined;
  const path = { id: id ?? "", through };
  const { data: preferences } = useGetPreferencesQuery();
  const { data: thread } = useThreadInfiniteQuery(path, { skip: id === undefined });
  const suggestions = useSuggestions();
  const sendFirst = useFirstMessage();
  const here = useHere(useLocation().key);
  const [post] = usePostMessageMutation();
  const { data: conversation } = useGetConversationQuery({ id: id ?? "" }, { skip: id === undefined });
  const [update] = useUpdateConversationMutation();
  const [failed, setFailed] = useState<unknown>();
  const [newModel, setNewModel] = useState<string>();
  const [isSuggested, setIsSuggested] = useState(false);
  const choosing = useRef<Promise<unknown>>(Promise.resolve());
  const newest = thread?.pages[0]?.items ?? [];
  const running = newest.find((message) => message.status === "running");

  async function send(content: string, attachment_ids: string[] = []) {
    const isHere = here();
    // What was chosen just now answers already.
    await choosing.current;
    if (id === undefined) {
      const begun = await sendFirst({ model: newModel, assistant_id: assistant }, content, attachment_ids);
      // Whoever has gone elsewhere meanwhile is not called back.
      if (isHere()) {
        setNewModel(undefined);
        moveDraft("new", begun);
        await navigate(`/c/${begun}`);
      }
      return;
    }
    const parent_id = through === undefined ? undefined : newest[0]?.id;
    await post({ id, postMessage: { content, parent_id, attachment_ids } }).unwrap();
    if (through !== undefined && isHere()) {
      // It is the current path now.
      onPath(undefined);
    }
  }

  /** A second press while the first is under way asks nothing. */
  async function suggest(question: string) {
    if (!isSuggested) {
      setIsSuggested(true);
      setFailed(undefined);
      await send(question).catch(setFailed);
      setIsSuggested(false);
    }
  }

  function choose(model: string | undefined) {
    if (id === undefined) {
      setNewModel(model);
    } else {
      choosing.current = update({ id, updateConversation: { model: model ?? null } })
        .unwrap()
        .then(() => setFailed(undefined), setFailed);
    }
  }

  function onPath(message: string | undefined) {
    setSearch(message === undefined ? {} : { through: message }, { replace: true });
  }

  const source = conversation?.imported_from as "chatgpt" | "convosphere" | null | undefined;
  const title = conversation?.title ?? t("conversation.untitled");
  return (
    <>
      <title>{`${title} · ${t("app.name")}`}</title>
      {id === undefined ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-6 p-4">
          <h1 className="text-2xl font-semibold">{t("message.greeting")}</h1>
          <ul aria-label={t("message.suggestions")} className="flex flex-wrap justify-center gap-2">
            {suggestions.map((key) => (
              <li key={key}>
                <Button isPending={isSuggested} onPress={() => void suggest(t(key))}>
                  {t(key)}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <ErrorBoundary key={`${id} ${through ?? ""}`}>
          {source != null && <p className="pt-2 text-center text-xs text-text-2">{t(`portability.from.${source}`)}</p>}
          <Thread path={path} onPath={onPath} lastRead={conversation && (conversation.last_read_message_id ?? null)} />
        </ErrorBoundary>
      )}
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-2 p-4 pt-2">
        {failed !== undefined && <Failed problem={problemOf(failed)} />}
        <Composer
          key={id ?? "new"}
          place={id ?? "new"}
          runningId={running?.response_id ?? undefined}
          sendOnEnter={preferences?.send_on_enter ?? true}
          model={id === undefined ? newModel : (conversation?.model ?? undefined)}
          onModel={choose}
          onSend={send}
        />
      </div>
    </>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { wordsOf } from "../api/problem";
import { useGetConversationQuery, useUpdateConversationMutation } from "../features/conversation/conversationApi";
import { Composer } from "../features/message/Composer";
import {
  useCreateConversationMutation,
  usePostMessageMutation,
  useThreadInfiniteQuery,
} from "../features/message/messageApi";
import { Thread } from "../features/message/Thread";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import { Alert } from "../ui/Alert";
import { Button } from "../ui/Button";

const SUGGESTIONS = ["message.suggestion1", "message.suggestion2", "message.suggestion3"] as const;

/** A conversation, or the place where one begins: the first message makes it. */
export function ChatPage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const { data: preferences } = useGetPreferencesQuery({});
  const { data: thread } = useThreadInfiniteQuery(id ?? "", { skip: id === undefined });
  const [create] = useCreateConversationMutation();
  const [post] = usePostMessageMutation();
  const { data: conversation } = useGetConversationQuery({ id: id ?? "" }, { skip: id === undefined });
  const [update] = useUpdateConversationMutation();
  const [failed, setFailed] = useState<unknown>();
  const [newModel, setNewModel] = useState<string>();
  const running = thread?.pages[0]?.items.find((message) => message.status === "running");

  async function send(content: string) {
    const conversationId = id ?? (await create({ createConversation: { model: newModel } }).unwrap()).id;
    await post({ id: conversationId, postMessage: { content } }).unwrap();
    if (id === undefined) {
      setNewModel(undefined);
      await navigate(`/c/${conversationId}`);
    }
  }

  function choose(model: string | undefined) {
    if (id === undefined) {
      setNewModel(model);
    } else {
      void update({ id, updateConversation: { model: model ?? null } });
    }
  }

  return (
    <>
      {id === undefined ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-6 p-4">
          <h1 className="text-2xl font-semibold">{t("message.greeting")}</h1>
          {failed !== undefined && <Alert>{wordsOf(failed, t("app.unreachable"))}</Alert>}
          <ul aria-label={t("message.suggestions")} className="flex flex-wrap justify-center gap-2">
            {SUGGESTIONS.map((key) => (
              <li key={key}>
                <Button onPress={() => void send(t(key)).catch(setFailed)}>{t(key)}</Button>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Thread key={id} conversationId={id} />
      )}
      <div className="mx-auto w-full max-w-3xl p-4 pt-2">
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

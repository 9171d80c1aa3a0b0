import type { TFunction } from "i18next";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { live } from "../api/live";
import { conversationApi } from "../features/conversation/conversationApi";
import { messageApi } from "../features/message/messageApi";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import type { Dispatch } from "./store";

const ENDS = new Set(["response_completed", "response_failed", "response_interrupted"]);

/** Tells of answers that end while the page is out of sight, where the person wants that and the browser may. */
export function useNotices(): void {
  const { t } = useTranslation();
  const dispatch = useDispatch<Dispatch>();
  const { data: preferences } = useGetPreferencesQuery();
  const isWanted = preferences?.notify_answers === true;

  useEffect(() => {
    if (!isWanted) {
      return;
    }
    return live.subscribe({ channel: "feed" }, undefined, ({ type, data }) => {
      const isOutOfSight = document.visibilityState === "hidden";
      // Not every browser has them.
      const mayTell = "Notification" in globalThis && Notification.permission === "granted";
      if (type === "event" && isOutOfSight && mayTell && ENDS.has(String(data.event_type))) {
        void tell(String(data.aggregate_id), dispatch, t);
      }
    });
  }, [isWanted, dispatch, t]);
}

async function tell(responseId: string, dispatch: Dispatch, t: TFunction): Promise<void> {
  const fresh = { forceRefetch: true, subscribe: false };
  const { data: run } = await dispatch(messageApi.endpoints.getResponse.initiate({ id: responseId }, fresh));
  if (run === undefined) {
    return;
  }
  const id = run.conversation_id;
  const { data: conversation } = await dispatch(conversationApi.endpoints.getConversation.initiate({ id }, fresh));
  const notice = new Notification(conversation?.title ?? t("conversation.untitled"), {
    body: t(run.status === "completed" ? "message.answered" : "message.failed"),
    icon: "/icon-192.png",
    // Several tabs tell of one answer once.
    tag: responseId,
  });
  notice.onclick = () => {
    globalThis.focus();
    globalThis.location.assign(`/c/${id}`);
  };
}

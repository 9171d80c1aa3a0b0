import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { MessageItem } from "./MessageItem";
import { useMoveReadMarkerMutation, useThreadInfiniteQuery } from "./messageApi";
import { inOrder } from "./thread";

/** Nearer than this to the end, the view follows what is written. */
const NEAR = 80;

/** The messages of a conversation, the newest in sight. */
export function Thread({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const found = useThreadInfiniteQuery(conversationId);
  const [moveMarker] = useMoveReadMarkerMutation();
  const messages = inOrder(found.data);
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const last = messages.at(-1);

  useEffect(() => {
    if (last?.status === "complete" && document.visibilityState === "visible") {
      void moveMarker({ id: conversationId, moveReadMarker: { message_id: last.id } });
    }
  }, [conversationId, last?.id, last?.status, moveMarker]);

  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (element == null || content == null) {
      return;
    }
    const observer = new ResizeObserver(() => {
      if (follows.current) {
        element.scrollTop = element.scrollHeight;
      }
    });
    observer.observe(content);
    return () => observer.disconnect();
  }, [found.isSuccess]);

  if (found.isError && messages.length === 0) {
    const problem = problemOf(found.error);
    return (
      <div className="flex-1 p-4">
        <Alert>{problem.status === 404 ? t("conversation.notFound") : problem.detail || t("app.unreachable")}</Alert>
      </div>
    );
  }
  return (
    // The box scrolls, and must be reached by keyboard for that.
    <div
      ref={box}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label={t("message.thread")}
      className="min-h-0 flex-1 overflow-y-auto"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      <div className="mx-auto flex max-w-3xl flex-col gap-6 p-4">
        {found.hasNextPage && (
          <Button look="quiet" isDisabled={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
            {t("message.earlier")}
          </Button>
        )}
        {messages.map((message) => (
          <MessageItem key={message.id} message={message} />
        ))}
      </div>
      <p role="status" className="sr-only">
        {last?.status === "running" && t("message.answering")}
        {last?.role === "assistant" && last.status === "complete" && t("message.answered")}
      </p>
    </div>
  );
}

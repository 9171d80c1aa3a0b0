import { useEffect, useState } from "react";
import type { Message } from "../../api/generated";
import { useMoveReadMarkerMutation } from "./messageApi";

function listen(changed: () => void): () => void {
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
}

/** Says that the person has read up to the last message, once it has ended, however it did, and is in sight. */
export function useReadMarker(conversationId: string, last: Message | undefined, lastRead?: string | null): void {
  const [move] = useMoveReadMarkerMutation();
  const [isVisible, setIsVisible] = useState(document.visibilityState === "visible");
  useEffect(() => listen(() => setIsVisible(document.visibilityState === "visible")), []);
  const id = last?.status === "running" ? undefined : last?.id;
  useEffect(() => {
    // Until it is known where the marker stands, nothing is said.
    if (id !== undefined && isVisible && lastRead !== undefined && lastRead !== id) {
      void move({ id: conversationId, moveReadMarker: { message_id: id } });
    }
  }, [conversationId, id, isVisible, lastRead, move]);
}

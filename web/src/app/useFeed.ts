import { useEffect } from "react";
import { useDispatch } from "react-redux";
import { generatedApi } from "../api/generated";
import { live } from "../api/live";
import { changed } from "../features/session/sessionSlice";
import type { Dispatch } from "./store";

/** Keeps in step what other devices change of the account and of one's assistants. */
export function useFeed(): void {
  const dispatch = useDispatch<Dispatch>();
  useEffect(
    () =>
      live.subscribe({ channel: "feed" }, undefined, ({ type, data }) => {
        if (type === "event" && data.aggregate_type === "user") {
          dispatch(generatedApi.util.invalidateTags(["Preferences", "Session"]));
          const fresh = { forceRefetch: true, subscribe: false };
          void dispatch(generatedApi.endpoints.getMe.initiate({}, fresh)).then(({ data: me }) => {
            if (me !== undefined) {
              dispatch(changed(me));
            }
          });
        } else if (type === "event" && data.aggregate_type === "assistant") {
          dispatch(generatedApi.util.invalidateTags(["Assistant"]));
        } else if (type === "event" && data.aggregate_type === "knowledge_base") {
          dispatch(generatedApi.util.invalidateTags(["Knowledge"]));
        }
      }),
    [dispatch],
  );
}

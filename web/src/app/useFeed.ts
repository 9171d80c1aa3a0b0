import { useEffect } from "react";
import { useDispatch } from "react-redux";
import { generatedApi } from "../api/generated";
import { live } from "../api/live";
import { changed } from "../features/session/sessionSlice";
import type { Dispatch } from "./store";

/** The cached data that events of each kind of object invalidate. */
const TAGS = {
  user: ["Preferences", "Session"],
  assistant: ["Assistant"],
  knowledge_base: ["Knowledge"],
} as const;

/** Follows what other devices change in the account, its assistants and its knowledge. */
export function useFeed(): void {
  const dispatch = useDispatch<Dispatch>();
  useEffect(() => {
    const reread = (kind: keyof typeof TAGS) => {
      dispatch(generatedApi.util.invalidateTags([...TAGS[kind]]));
      if (kind !== "user") {
        return;
      }
      const fresh = { forceRefetch: true, subscribe: false };
      void dispatch(generatedApi.endpoints.getMe.initiate(undefined, fresh)).then(({ data: me }) => {
        if (me !== undefined) {
          dispatch(changed(me));
        }
      });
    };
    let follows = false;
    return live.subscribe({ channel: "feed" }, undefined, ({ type, data }) => {
      if (type === "event" && String(data.aggregate_type) in TAGS) {
        reread(data.aggregate_type as keyof typeof TAGS);
      } else if (type === "stream.caught_up" && !follows) {
        // What was read before one followed may have changed meanwhile; from here on nothing is missed.
        follows = true;
        (Object.keys(TAGS) as (keyof typeof TAGS)[]).forEach(reread);
      }
    });
  }, [dispatch]);
}

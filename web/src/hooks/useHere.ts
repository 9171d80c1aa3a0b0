import { useEffect, useRef } from "react";

/** Tells later whether the page still shows the same place: what was begun there moves nobody who has gone on. */
export function useHere(place: string): () => () => boolean {
  const current = useRef<string>(undefined);
  useEffect(() => {
    current.current = place;
    return () => {
      current.current = undefined;
    };
  }, [place]);
  return () => () => current.current === place;
}

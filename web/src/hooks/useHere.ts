import { useEffect, useRef } from "react";

/** Checks later whether the page still shows the same place, so that a late result does not navigate elsewhere. */
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

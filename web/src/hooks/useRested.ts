import { useEffect, useState } from "react";

/** True once a component has stood for a while: what is only passed by asks for nothing. */
export function useRested(milliseconds: number): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return rested;
}

import { useSyncExternalStore } from "react";

const page = () => document.documentElement;

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(page(), { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** Whether the page is dark now; for what takes no colours from its styles. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => page().dataset.theme === "dark");
}

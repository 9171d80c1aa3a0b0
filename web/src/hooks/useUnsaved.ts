import { useEffect, useId } from "react";

const unsaved = new Set<string>();

/** Whether a form of the page holds something that is saved nowhere. */
export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/** Leaving the page loses nothing any more: what was edited has been deleted, or the person chose to discard it. */
export function forgetUnsaved(): void {
  unsaved.clear();
}

/** Announces that a form holds changes; `UnsavedGuard` asks before they are lost. */
export function useUnsaved(isUnsaved: boolean): void {
  const id = useId();
  useEffect(() => {
    if (isUnsaved) {
      unsaved.add(id);
    }
    return () => {
      unsaved.delete(id);
    };
  }, [id, isUnsaved]);
}

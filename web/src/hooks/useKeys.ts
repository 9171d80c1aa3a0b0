import { useEffect, useRef } from "react";

/** Where keys are text. */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable)
  );
}

/** Does something at a key of the whole page; `mod+` is Control, or Command on a Mac, and `mod+shift+` with Shift. A single key is text where one
 * writes, and belongs to an open dialog. */
export function useKeys(actions: Record<string, () => void>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isMod = event.ctrlKey || event.metaKey;
      const shift = event.shiftKey ? "shift+" : "";
      const action = latest.current[isMod ? `mod+${shift}${event.key.toLowerCase()}` : event.key];
      const isTaken = !isMod && (isWriting(event.target) || document.querySelector("[role=dialog]") !== null);
      if (action !== undefined && !isTaken && !event.altKey) {
        event.preventDefault();
        action();
      }
    };
    globalThis.addEventListener("keydown", press);
    return () => globalThis.removeEventListener("keydown", press);
  }, []);
}

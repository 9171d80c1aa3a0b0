const isMac = /mac|iphone|ipad/i.test(globalThis.navigator.userAgent);

/** Keys, as the keyboard of the person names them: `Mod` is Command on a Mac and Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="rounded-md border border-current/25 px-1.5 font-sans text-[0.6875rem] leading-4 font-medium">
      {keys.replace("Mod", isMac ? "⌘" : "Ctrl").replace("Alt", isMac ? "⌥" : "Alt")}
    </kbd>
  );
}

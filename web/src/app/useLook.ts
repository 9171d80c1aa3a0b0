import { useEffect } from "react";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import { deviceLanguage, speak } from "../lib/i18n";

/** Language and theme as the person wants them; until that is known, as the device has them. */
export function useLook(isSignedIn: boolean): void {
  const { data } = useGetPreferencesQuery(undefined, { skip: !isSignedIn });
  const theme = data?.theme ?? "system";
  const language = data?.language ?? undefined;

  useEffect(() => {
    // The page stays in the language it has where the texts of another cannot be loaded.
    speak(language ?? deviceLanguage()).catch(() => undefined);
  }, [language]);

  useEffect(() => {
    const dark = globalThis.matchMedia("(prefers-color-scheme: dark)");
    const show = () => {
      const isDark = theme === "dark" || (theme === "system" && dark.matches);
      document.documentElement.dataset.theme = isDark ? "dark" : "light";
    };
    show();
    dark.addEventListener("change", show);
    return () => dark.removeEventListener("change", show);
  }, [theme]);
}

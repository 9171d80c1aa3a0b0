/** The texts of the page in one language at a time. Others than English are loaded when they are chosen. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en, type Texts } from "./texts/en";

/** English comes with the page: it is also shown where another language cannot be loaded. */
const load = {
  en: () => Promise.resolve(en),
  de: () => import("./texts/de").then(({ de }) => de),
} satisfies Record<string, () => Promise<Texts>>;

export type Language = keyof typeof load;

/** The texts of errors are found by codes, and have a namespace of their own. */
function resourcesOf({ problems, ...translation }: Texts) {
  return { translation, problems };
}

let wanted: Language = "en";

export function deviceLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

/** Shows the page in this language once its texts are there, unless another one was chosen meanwhile. */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  if (!i18next.hasResourceBundle(language, "translation")) {
    const { translation, problems } = resourcesOf(await load[language]());
    i18next.addResourceBundle(language, "translation", translation);
    i18next.addResourceBundle(language, "problems", problems);
  }
  if (wanted === language) {
    document.documentElement.lang = language;
    await i18next.changeLanguage(language);
  }
}

void i18next.use(initReactI18next).init({
  resources: { en: resourcesOf(en) },
  lng: "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false },
});

declare module "i18next" {
  interface CustomTypeOptions {
    resources: ReturnType<typeof resourcesOf>;
  }
}

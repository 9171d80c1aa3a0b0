/** The texts of the page in one language at a time. Others than English are loaded when they are chosen. */
import i18next, { type FormatterModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { formatOf } from "./format";
import { en, type Texts } from "./texts/en";
import type { Arabic } from "./texts/plural";

interface Spoken {
  /** Its own name, for whoever looks for it. */
  name: string;
  direction: "ltr" | "rtl";
  load: () => Promise<Texts | Arabic<Texts>>;
}

/** English comes with the page: it is also shown where another language cannot be loaded. */
export const languages = {
  en: { name: "English", direction: "ltr", load: () => Promise.resolve(en) },
  de: { name: "Deutsch", direction: "ltr", load: () => import("./texts/de").then(({ de }) => de) },
  ar: { name: "العربية", direction: "rtl", load: () => import("./texts/ar").then(({ ar }) => ar) },
} satisfies Record<string, Spoken>;

export type Language = keyof typeof languages;

/** The texts of errors are found by codes, and have a namespace of their own. */
function resourcesOf<T extends { problems: object }>({ problems, ...translation }: T) {
  return { translation, problems };
}

let wanted: Language = "en";

/** The first language of the browser that the page has. */
export function deviceLanguage(): Language {
  const known = Object.keys(languages) as Language[];
  const spoken = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return spoken.flatMap((one) => known.find((language) => language === one) ?? [])[0] ?? "en";
}

/** Shows the page in this language once its texts are there, unless another one was chosen meanwhile. */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  if (!i18next.hasResourceBundle(language, "translation")) {
    const { translation, problems } = resourcesOf<Texts | Arabic<Texts>>(await languages[language].load());
    i18next.addResourceBundle(language, "translation", translation);
    i18next.addResourceBundle(language, "problems", problems);
  }
  if (wanted === language) {
    document.documentElement.lang = language;
    document.documentElement.dir = languages[language].direction;
    await i18next.changeLanguage(language);
  }
}

/** Numbers in texts are written as all others. */
const formatter: FormatterModule = {
  type: "formatter",
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown, _format, language) =>
    typeof value === "number" ? formatOf(language ?? "en").number(value) : (value as string),
};

void i18next
  .use(initReactI18next)
  .use(formatter)
  .init({
    resources: { en: resourcesOf(en) },
    lng: "en",
    fallbackLng: "en",
    interpolation: { escapeValue: false, alwaysFormat: true },
  });

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Omit<Texts, "problems">; problems: Texts["problems"] };
  }
}

/** Texts in the language of the device, until the person's preference is known. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { de } from "./texts/de";
import { en } from "./texts/en";

export type Language = "de" | "en";

export function deviceLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

export function speak(language: Language): void {
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  resources: { de: { translation: de }, en: { translation: en } },
  lng: deviceLanguage(),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
});
document.documentElement.lang = deviceLanguage();

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

import type * as en from "./preferences.en";

export const preferences: typeof en.preferences = {
  general: "Allgemein",
  data: "Daten",
  dataHint:
    "Nehmen Sie Ihre Chats, Dateien und Wissensdatenbanken mit, oder holen Sie die einer anderen Installation oder von ChatGPT herein.",
  notifyAnswers: "Melden, wenn eine Antwort außer Sicht endet",
  notificationsBlocked: "Dieser Browser erlaubt dieser Seite keine Meldungen.",
  settings: "Einstellungen",
  theme: "Aussehen",
  system: "Wie das Gerät",
  light: "Hell",
  dark: "Dunkel",
  language: "Sprache",
  deviceLanguage: "Wie das Gerät",
  sendOnEnter: "Enter sendet die Nachricht",
  close: "Schließen",
};
